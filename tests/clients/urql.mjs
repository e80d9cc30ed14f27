// urql: persisted queries by GET, a cache of documents.
// Usage: node urql.mjs URL

import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { counting } from "./requests.mjs";

const { requests, fetch } = counting();
const client = new Client({
  url: process.argv[2],
  fetch,
  fetchOptions: { headers: { "accept-language": "it" } },
  exchanges: [cacheExchange, persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
});
const query = gql`query Titles($ids: [ID!]!) { nodes(ids: $ids) { id ... on Book { title { value } } } }`;
const first = await client.query(query, { ids: ["kokoro"] }).toPromise();
const second = await client.query(query, { ids: ["genji"] }).toPromise();
const failing = await client.query("{ nothing }", {}).toPromise();
console.log(JSON.stringify({
  titles: [first, second].map(({ data }) => data.nodes[0].title.value),
  requests,
  code: failing.error.graphQLErrors[0].extensions.code,
}));
process.exit(0);
