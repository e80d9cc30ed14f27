// What graphql-codegen makes: types for the operations in operations.ts, and a manifest of them.

export default {
  schema: "./schema.graphql",
  documents: ["operations.ts"],
  generates: {
    "./generated/": {
      preset: "client",
      presetConfig: { persistedDocuments: { hashAlgorithm: "sha256" } },
      config: { enumsAsTypes: true },
    },
  },
};
