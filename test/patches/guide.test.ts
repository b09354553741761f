// guide.test.ts - docs/author-guide.md: its examples are in the corpus. That every
// reason has its place there is looked at in test/kbuild/reasons.test.ts.
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
