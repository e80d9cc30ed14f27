// Runs graphql-http's audit of servers, and prints for each clause its name and what came of it.
// Usage: node audit.mjs URL

import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
