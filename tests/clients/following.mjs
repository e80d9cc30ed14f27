// graphql-sse and graphql-ws: a subscription that begins with what was missed, and a query.
// Usage: node following.mjs URL

import { createClient as overEvents } from "graphql-sse";
import { createClient as overWebSocket } from "graphql-ws";
import WebSocket from "ws";

const url = process.argv[2];
const query = "subscription Missed($after: Int) { releases(after: $after) { number query { books { totalCount } } } }";

async function told(client) {
  const releases = [];
  for await (const { data } of client.iterate({ query, variables: { after: -1 } })) {
    releases.push([data.releases.number, data.releases.query.books.totalCount]);
    if (releases.length === 2) break;
  }
  const answers = [];
  for await (const { data } of client.iterate({ query: "{ books { totalCount } }" })) {
    answers.push(data.books.totalCount);
  }
  return { releases, answers };
}

const events = overEvents({ url, retryAttempts: 0 });
const socket = overWebSocket({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
const found = { events: await told(events), socket: await told(socket) };
events.dispose();
await socket.dispose();
console.log(JSON.stringify(found));
