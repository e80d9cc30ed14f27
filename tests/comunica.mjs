// Asks an endpoint the query on the standard input, by Comunica, and prints the rows.
// Usage: node comunica.mjs ENDPOINT FOLDER, the folder that has node_modules with @comunica/query-sparql.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [endpoint, folder] = process.argv.slice(2);
const { QueryEngine } = createRequire(join(folder, "index.js"))("@comunica/query-sparql");
const query = readFileSync(0, "utf8");
// As a bare address, whose description is read first to learn what it is, and as an endpoint.
for (const source of [endpoint, { type: "sparql", value: endpoint }]) {
  const rows = await new QueryEngine().queryBindings(query, { sources: [source] });
  for (const row of await rows.toArray()) {
    const name = row.get("name");
    console.log(`${row.get("leader").value}\t"${name.value}"@${name.language}`);
  }
}
