// diagnostics.test.ts - what does not compile is pointed at: file, line, column and length
// name the very text, for an editor to underline.
import { beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../src/kbuild/diagnostics";
import { EditedSample, MEMINFO, type Edit } from "./editSample";

let sample: EditedSample;

beforeAll(async () => {
  sample = await EditedSample.make();
});

const first = "return arg;";

const CASES: [message: RegExp, underlined: string, edit: Edit][] = [
  [/^Cannot find name 'nothing'/, "nothing", [MEMINFO, first, "return nothing;"]],
  [/^Type '~lib\/string\/String' is not assignable to type 'i32'/, '"x"', [MEMINFO, first, 'return "x";']],
  [/^Expected 2 arguments, but got 1/, 'pr("one")', [MEMINFO, first, 'pr("one");\n  return arg;']],
  [/^Expression expected/, ";", [MEMINFO, first, "return arg +;"]],
  [/has no exported member 'prin'/, "prin", [MEMINFO, "{ print }", "{ prin }"]],
  [/^File 'hos\.ts' not found/, '"../../hos"', [MEMINFO, "../../host", "../../hos"]],
  [
    /'show_free' allocates managed memory/,
    "show_free",
    [MEMINFO, first, "return (names[0] + names[1]).length;"],
  ],
  [/top-level code would have to run at load time/, "proc_init", [MEMINFO, /$/, "\nproc_init();\n"]],
  [
    /top-level code would have to run at load time/,
    "early",
    [MEMINFO, /$/, "\nexport let early = clamp_value(5);\n"],
  ],
];

test.each(CASES)("%s: %s", async (message, underlined, edit) => {
  const outcome = await sample.build(edit);
  if (outcome.kind !== "compile-error") throw new Error(outcome.kind);
  const [found] = outcome.diagnostics as [Diagnostic, ...Diagnostic[]];
  expect(found.message).toMatch(message);
  expect(found).toMatchObject({ file: MEMINFO, severity: "error" });
  const line = sample.tree.get(MEMINFO)!.replace(edit[1], edit[2]).split("\n")[found.line - 1]!;
  expect(line.slice(found.column - 1, found.column - 1 + found.length)).toBe(underlined);
  // The terminal says the same.
  expect(outcome.text).toContain(found.message);
  expect(outcome.text).toContain(`in ${MEMINFO}(${found.line},${found.column})`);
});
