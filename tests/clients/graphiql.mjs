// GraphiQL in a browser: an operation is typed, completed and run, the schema is looked up.
// Usage: node graphiql.mjs URL CHROMIUM SCREENSHOT; prints what was seen, and what was asked of other hosts.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, executablePath, screenshot] = process.argv.slice(2);
const quiet = ["disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync"];
const args = ["--no-sandbox", "--no-first-run", ...quiet.map((name) => `--${name}`)];
const profile = mkdtempSync(join(tmpdir(), "chromium-"));
const browser = await chromium.launchPersistentContext(profile, { executablePath, args });
const page = await browser.newPage();
const { host } = new URL(url);
const faults = [];
const elsewhere = [];
page.on("pageerror", (error) => faults.push(String(error)));
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("request", (request) => {
  const address = new URL(request.url());
  if (address.protocol.startsWith("http") && address.host !== host) elsewhere.push(request.url());
});

const answered = (text) => page.waitForFunction(
  (wanted) => document.querySelector(".graphiql-response")?.innerText.includes(wanted), text, { timeout: 30_000 },
);

// What the address asks is answered at once.
const asked = '{ programme(id: "gcap") { id } }';
await page.goto(`${url}?lang=ja&query=${encodeURIComponent(asked)}`);
await answered("/id/gcap");
// What is typed is completed from the schema.
await page.click(".graphiql-query-editor .monaco-editor");
await page.keyboard.press("Control+A");
await page.keyboard.press("Delete");
await page.keyboard.type('{ country(id: "japan") { lab', { delay: 20 });
await page.waitForSelector(".suggest-widget.visible");
const completed = await page.innerText(".suggest-widget.visible");
await page.keyboard.press("Escape");
await page.keyboard.type("el { value } } }");
await page.click(".graphiql-execute-button");
await answered("日本");
await page.click('button[aria-label*="Documentation"]');
await page.waitForSelector(".graphiql-doc-explorer-type-name >> text=Query");
await page.screenshot({ path: screenshot });
console.log(JSON.stringify({ completed: completed.includes("labelSource"), faults, elsewhere }));
await browser.close();
