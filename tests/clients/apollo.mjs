// Apollo Client: a cache for each language and each release, persisted queries, pages that are put together.
// Usage: node apollo.mjs URL

import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { counting } from "./requests.mjs";

const uri = process.argv[2];

function made(headers = {}) {
  const { requests, fetch } = counting();
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { books: relayStylePagination(["filter", "orderBy"]) } } },
  });
  const http = new HttpLink({ uri, headers, fetch });
  return { requests, client: new ApolloClient({ cache, link: ApolloLink.from([persisted, http]) }) };
}

async function titles() {
  const query = gql`query Title { book(id: "kokoro") { id title { value } } }`;
  const found = {};
  for (const language of ["en", "ja"]) {
    const { client, requests } = made({ "accept-language": language });
    const answers = [await client.query({ query }), await client.query({ query })];
    found[language] = { titles: answers.map(({ data }) => data.book.title.value), requests };
  }
  return found;
}

async function releases() {
  const query = gql`query Books($release: Int) @asOf(release: $release) { books(first: 1) { totalCount } }`;
  const found = [];
  for (const release of [0, 1]) {
    const { data } = await made().client.query({ query, variables: { release } });
    found.push(data.books.totalCount);
  }
  return found;
}

async function pages() {
  const query = gql`
    query Books($first: Int, $after: String) {
      books(first: $first, after: $after) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } }
    }
  `;
  const { client } = made();
  const watched = client.watchQuery({ query, variables: { first: 2 } });
  let { data } = await client.query({ query, variables: { first: 2 } });
  while (data.books.pageInfo.hasNextPage) {
    await watched.fetchMore({ variables: { first: 2, after: data.books.pageInfo.endCursor } });
    data = client.readQuery({ query, variables: { first: 2 } });
  }
  return { together: data.books.edges.length, total: data.books.totalCount };
}

async function failing() {
  const query = gql`{ book(id: "no-such-book") { id } }`;
  const { data, error } = await made().client.query({ query, errorPolicy: "all" });
  return { data, code: error.errors[0].extensions.code };
}

console.log(JSON.stringify({
  titles: await titles(), releases: await releases(), pages: await pages(), failing: await failing(),
}));
process.exit(0);
