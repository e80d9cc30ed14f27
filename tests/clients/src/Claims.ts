// What Relay compiles: a page of claims that goes on, in a fragment that can be asked for by itself.

import { graphql } from "relay-runtime";

export const query = graphql`
  query ClaimsQuery($id: ID!) {
    programme(id: $id) {
      label { value }
      ...Claims_programme
    }
  }
`;

export const fragment = graphql`
  fragment Claims_programme on Programme
  @refetchable(queryName: "ClaimsPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    claims(first: $count, after: $cursor) @connection(key: "Claims_claims") {
      edges {
        node {
          id
          modality { code }
        }
      }
    }
  }
`;
