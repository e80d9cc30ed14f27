// Runs axe-core on pages in Chromium, at phone and desk width, in light and dark.
// Usage: node axe.mjs CHROMIUM ADDRESS…, beside a node_modules with axe-core and playwright-core.
// Prints a JSON list: what breaks a rule, what comes from another host, what is wider than the window.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, ...addresses] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
let rules = 0;

async function look(context, address, where) {
  const page = await context.newPage();
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) faults.push({ ...where, foreign: request.url() });
  });
  await page.goto(address);
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run());
  rules += found.passes.length;
  faults.push(...found.violations.map(({ id, nodes }) => ({ ...where, rule: id, html: nodes[0].html })));
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  if (scrollWidth > clientWidth) faults.push({ ...where, overflow: scrollWidth - clientWidth });
  await page.close();
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    for (const address of addresses) await look(context, address, { address, width, colorScheme });
    await context.close();
  }
}
await browser.close();
console.log(JSON.stringify({ rules, faults }));
