// guide.test.ts - docs/author-guide.md: its examples are in the corpus, which corpus.test.ts runs; what is
// quoted of them is there. That every reason has its place is looked at in test/kbuild/reasons.test.ts.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const guide = readFileSync(join(import.meta.dirname, "../../docs/author-guide.md"), "utf8");

test("every example is a folder of the corpus", () => {
  const lines = guide.split("\n").filter((line) => /Examples?: /.test(line));
  const names = lines.flatMap((line) =>
    [...line.slice(line.search(/Examples?: /)).matchAll(/`([\w-]+)`/g)].map((match) => match[1]),
  );
  expect(names.length).toBeGreaterThan(60);
  const missing = names.filter((name) => !existsSync(join(import.meta.dirname, name, `${name}.patch`)));
  expect(missing).toEqual([]);
});

const EXAMPLE =
  /^`([\w-]+)` changes\n\n```diff\n([^]*?)```\n\nand kpatch-build says\n\n```text\n([^]*?)```$/gm;
const quoted = [...guide.matchAll(EXAMPLE)].map((match) => match.slice(1) as [string, string, string]);

test("there is one for each kind of change", () => {
  expect(quoted.length).toBeGreaterThanOrEqual(12);
});

test.each(quoted)("%s is quoted as it is", (name, diff, said) => {
  const lines = (ending: string) =>
    readFileSync(join(import.meta.dirname, name, `${name}${ending}`), "utf8").split("\n");
  const quote = (text: string) => text.trimEnd().split("\n");
  expect(lines(".patch")).toEqual(expect.arrayContaining(quote(diff)));
  expect(lines(".expected")).toEqual(expect.arrayContaining(quote(said)));
});
