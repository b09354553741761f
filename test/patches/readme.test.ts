// readme.test.ts - README.md names every folder of the corpus in its place, and no other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const here = import.meta.dirname;
const readme = readFileSync(join(here, "README.md"), "utf8");
const folders = readdirSync(here, { withFileTypes: true })
  // The differential test lives beside the patches that people wrote.
  .filter((entry) => entry.isDirectory() && entry.name !== "differential")
  .map((entry) => entry.name);

/** Names in the columns that speak of this corpus: not kpatch's own, which stand in the first one. */
function named(): Set<string> {
  const places = readme.split("\n").flatMap((line) => {
    if (line.startsWith("- ")) return [line];
    const cells = line.split("|");
    return cells.length > 3 ? cells.slice(2) : [];
  });
  const words = places.flatMap((text) => [...text.matchAll(/`([\w-]+)`/g)].map((match) => match[1]));
  return new Set(words);
}

test("every folder has its place in the tables", () => {
  const there = named();
  expect(folders.filter((name) => !there.has(name))).toEqual([]);
});

test("every name in the tables is a folder", () => {
  const known = new Set(folders);
  expect([...named()].filter((name) => !known.has(name))).toEqual([]);
});
