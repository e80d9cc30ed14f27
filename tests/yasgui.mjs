// Asks an endpoint the query on the standard input, by YASGUI on a page of another origin in Chromium,
// and prints the rows of its table, once asked with POST and once with GET.
// Usage: node yasgui.mjs ENDPOINT FOLDER CHROMIUM, the folder that has node_modules with @zazuko/yasgui
// and playwright-core.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const [endpoint, folder, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(folder, "index.js"))("playwright-core");
const library = join(folder, "node_modules/@zazuko/yasgui/build/yasgui.min.js");
const query = readFileSync(0, "utf8");

const server = createServer((_, response) => response.end("<!DOCTYPE html><main></main>"));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const method of ["POST", "GET"]) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.addScriptTag({ path: library });
  await page.evaluate(([query, requestConfig]) => {
    const tab = new Yasgui(document.querySelector("main"), { requestConfig }).getTab();
    tab.setQuery(query);
    tab.getYasqe().query();
  }, [query, { endpoint, method }]);
  await page.waitForSelector(".yasr tbody tr");
  const rows = await page.$$eval(".yasr tbody tr", (found) =>
    found.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim()).join("\t")));
  console.log(rows.join("\n"));
  await page.context().close();
}
await browser.close();
server.close();
