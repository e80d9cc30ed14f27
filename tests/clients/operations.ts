// Operations whose variables and answers TypeScript knows from the schema.

import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { graphql } from "./generated/gql";

export const claims = graphql(`
  query ClaimsOf($id: ID!, $filter: ClaimFilter) {
    agreement(id: $id) {
      id
      label { value language }
      status { code }
      claims(first: 2, filter: $filter) {
        totalCount
        edges { cursor node { modality { code certainty } passages { start sha256 } } }
      }
    }
  }
`);

export const variables: VariablesOf<typeof claims> = {
  id: "x",
  filter: { and: [{ modality: { in: ["LIKELY", "PLANNED"] } }, { not: { basis: { eq: "FORECAST" } } }] },
};

// @ts-expect-error: the schema has no such modality
export const wrong: VariablesOf<typeof claims> = { id: "x", filter: { modality: { eq: "SURELY" } } };

export function told(answer: ResultOf<typeof claims>): string[] {
  const found = answer.agreement?.claims.edges.map(({ node }) => `${node.modality.code} ${node.passages[0]?.start}`);
  // @ts-expect-error: an unknown agreement is null
  const label: string = answer.agreement.label.value;
  return [...(found ?? []), label];
}
