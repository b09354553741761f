import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const ASSETS = resolve(import.meta.dirname, "../../dist/assets");

test("no chunk imports a worker's first module, which WebKit would run a second time", () => {
  const chunks = readdirSync(ASSETS).filter((name) => name.endsWith(".js"));
  const entries = chunks.filter((name) => /^(worker|compiler)-/.test(name));
  expect(entries).toHaveLength(2);
  const importers = chunks.filter((name) => {
    const text = readFileSync(resolve(ASSETS, name), "utf8");
    return entries.some((entry) => new RegExp(`from ?["']\\./${entry}["']`).test(text));
  });
  expect(importers).toEqual([]);
});
