// guide.test.ts - docs/author-guide.md: its examples are in the corpus, and every reason has its place there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXPLANATIONS } from "../../src/kbuild/reasons.ts";

const guide = readFileSync(join(import.meta.dirname, "../../docs/author-guide.md"), "utf8");

test("every example is a folder of the corpus", () => {
  const lines = guide.split("\n").filter((line) => /Examples?: /.test(line));
  const names = lines.flatMap((line) =>
    [...line.slice(line.search(/Examples?: /)).matchAll(/`([\w-]+)`/g)].map((match) => match[1]),
  );
  expect(names.length).toBeGreaterThan(40);
  const missing = names.filter((name) => !existsSync(join(import.meta.dirname, name, `${name}.patch`)));
  expect(missing).toEqual([]);
});

test("every reason for a refusal is explained", () => {
  const anchors = new Set([...guide.matchAll(/<a id="([\w-]+)">/g)].map((match) => match[1]));
  // A changed signature stands under its own heading.
  const missing = Object.keys(EXPLANATIONS).filter((id) => id !== "signature" && !anchors.has(id));
  expect(missing).toEqual([]);
});
