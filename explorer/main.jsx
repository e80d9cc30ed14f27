// GraphiQL on the page /graphql: what it opens with, and the language it asks in, stand in the page.

import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./page.css";

const place = document.getElementById("graphiql");
const { query, variables, language, asked } = place.dataset;

const fetcher = createGraphiQLFetcher({
  url: "/graphql",
  subscriptionUrl: new URL("/graphql", location.href).href.replace(/^http/, "ws"),
  headers: { "accept-language": language },
});

// Answers what the page's address asks, as the page does where no script runs.
function Asked() {
  const ready = useGraphiQL((state) => Boolean(state.queryEditor && state.schema));
  const { run } = useGraphiQLActions();
  useEffect(() => {
    if (ready && asked !== undefined) run();
  }, [ready, run]);
  return null;
}

createRoot(place).render(
  <GraphiQL
    fetcher={fetcher}
    initialQuery={query}
    initialVariables={variables}
  >
    <GraphiQL.Logo>
      <Asked />
    </GraphiQL.Logo>
  </GraphiQL>,
);
