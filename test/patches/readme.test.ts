// readme.test.ts - README.md names every folder of the corpus in its place, and no other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EDITS, INTEGRATION, MANAGER, UNIT } from "./kpatchRows.ts";

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

/** Rows of the tables: the cells, trimmed. */
const rows = readme
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** The row whose first cell says so has, behind it, a folder or a reason. */
const answered = (says: (first: string) => boolean): boolean =>
  rows.some(([first, ...rest]) => says(first!) && (rest.at(-1) !== "" || /`[\w-]+`/.test(rest.join(" "))));

test.each([
  ["integration test", INTEGRATION],
  ["unit test", UNIT],
  ["test of the manager", MANAGER],
])("every %s of kpatch's has its row, with a folder or a reason", (_, names) => {
  expect(names.filter((name) => !answered((first) => first.includes(`\`${name}\``)))).toEqual([]);
});

test("every edit of the small program has its row", () => {
  expect(EDITS.length).toBeGreaterThanOrEqual(60);
  expect(EDITS.filter((edit) => !answered((first) => first === edit))).toEqual([]);
});
