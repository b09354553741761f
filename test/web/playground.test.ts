import { expect, test } from "vitest";
import { problemsIn } from "../../web/state/builder.svelte.ts";
import { DEMO } from "../../web/state/demo.ts";
import { Playground } from "../../web/state/playground.svelte.ts";
import { Double, LineScreen, type Shell } from "./double.ts";

const MEMINFO = "fs/proc/meminfo.ts";

async function open(shell: Shell) {
  const double = new Double(shell);
  double.sources.set(MEMINFO, 'a();\nseq_puts(m, "MemTotal:");\nb();\n');
  const playground = new Playground(double.start, false);
  const screen = new LineScreen();
  playground.machine.show = (data) => screen.write(data);
  await playground.machine.start(24, 80);
  playground.onScreen(screen);
  await expect.poll(() => playground.draft).not.toBeNull();
  return { playground, draft: playground.draft!, double };
}

test("the demo is typed line by line, each at a prompt", async () => {
  const { playground, double } = await open(() => ({ text: "" }));
  await playground.playDemo();
  expect(double.lines).toEqual(DEMO);
});

test("an edit is a diff against the machine's own source", async () => {
  const { draft } = await open(() => ({ text: "" }));
  draft.edit('a();\nseq_puts(m, "MemTOTAL:");\nb();\n');
  expect(draft.diff).toBe(
    [
      "--- a/fs/proc/meminfo.ts",
      "+++ b/fs/proc/meminfo.ts",
      "@@ -1,3 +1,3 @@",
      " a();",
      '-seq_puts(m, "MemTotal:");',
      '+seq_puts(m, "MemTOTAL:");',
      " b();",
      "",
    ].join("\n"),
  );
  draft.reset();
  expect(draft.diff).toBe("");
});

test("Build & load hands the machine the diff and runs the tools there; Unload unloads", async () => {
  const { playground, draft, double } = await open((line) =>
    line.startsWith("patchbox")
      ? {
          text: "SUCCESS\r\n",
          status: {
            patches: [{ name: "livepatch_edit_1", enabled: true, transition: false, functions: [] }],
          },
        }
      : { text: "" },
  );
  draft.edit("c();\n");
  const builder = playground.builder!;
  await builder.build(draft.diff);
  expect(double.patch).toBe(draft.diff);
  expect(double.lines).toEqual([
    "patchbox > edit-1.patch && kpatch-build -s /usr/src/linux edit-1.patch && kpatch load livepatch-edit-1.ko",
  ]);
  expect(builder.failure).toBe("");
  expect(builder.loaded).toEqual(["livepatch_edit_1"]);
  await builder.unload();
  expect(double.lines.at(-1)).toBe("kpatch unload livepatch_edit_1");
});

test("what the compiler refuses is shown with its file and line", async () => {
  const said = [
    "ERROR TS2304: Cannot find name 'nonsense'.",
    "    :",
    " 12 │ nonsense();",
    "    │ ~~~~~~~~",
    "    └─ in fs/proc/meminfo.ts(12,3)",
  ].join("\r\n");
  const { playground, draft } = await open(() => ({ text: `${said}\r\nERROR: 1 error(s) encountered.\r\n` }));
  draft.edit("nonsense();\n");
  await playground.builder!.build(draft.diff);
  expect(playground.builder!.failure).not.toBe("");
  expect(playground.builder!.problems).toEqual([
    { path: "fs/proc/meminfo.ts", line: 12, column: 3, message: "Cannot find name 'nonsense'." },
  ]);
});

test("places are found as path(line,column) and as path:line:column", () => {
  expect(problemsIn("kernel/fork.ts:7:9: error: no\n")).toEqual([
    { path: "kernel/fork.ts", line: 7, column: 9, message: "error: no" },
  ]);
  expect(problemsIn("all is well\n")).toEqual([]);
});
