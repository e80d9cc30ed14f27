// Runs the operation without leaving the page; without this script the form does the same.

const form = document.querySelector("form");
const answer = document.getElementById("answer");
const status = document.getElementById("status");
const { query, variables, lang } = form.elements;

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

function show(json) {
  const parts = [];
  let end = 0;
  for (const found of json.matchAll(TOKEN)) {
    const text = found[1] ?? found[0];
    const part = document.createElement("span");
    part.className = found[2] ? "name" : found[1] ? "text" : "literal";
    part.textContent = text;
    parts.push(json.slice(end, found.index), part);
    end = found.index + text.length;
  }
  answer.replaceChildren(...parts, json.slice(end));
}

function remember() {
  const asked = new URLSearchParams({ lang: lang.value, query: query.value });
  if (variables.value.trim()) asked.set("variables", variables.value);
  history.replaceState(null, "", `?${asked}`);
}

function parsed(text) {
  try {
    return text.trim() ? JSON.parse(text) : null;
  } catch (error) {
    throw new Error(`${variables.labels[0].textContent}: ${error.message}`);
  }
}

function body() {
  return JSON.stringify({ query: query.value, variables: parsed(variables.value) });
}

async function ask() {
  const headers = {
    "accept": "application/graphql-response+json",
    "accept-language": lang.value,
    "content-type": "application/json",
  };
  const started = performance.now();
  const response = await fetch("/graphql", { method: "POST", headers, body: body() });
  const text = await response.text();
  status.textContent = `${response.status}, ${Math.round(performance.now() - started)} ms`;
  show(JSON.stringify(JSON.parse(text), null, 2));
}

async function run() {
  status.textContent = form.dataset.running;
  try {
    await ask();
    remember();
  } catch (error) {
    status.textContent = "";
    answer.textContent = error instanceof TypeError ? form.dataset.unreachable : error.message;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
if (answer.textContent) show(answer.textContent);
