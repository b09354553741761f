import { expect, test } from "vitest";
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

test("what the compiler finds wrong is known by file, line, column and length, until the next build", async () => {
  const wrong = {
    file: "fs/proc/meminfo.ts",
    line: 12,
    column: 3,
    length: 8,
    message: "Cannot find name 'nonsense'.",
  };
  let found = [wrong];
  const { playground, draft, double } = await open(() => {
    double.events!.diagnosed(found);
    return { text: found.length > 0 ? "ERROR: kpatch build failed.\r\n" : "SUCCESS\r\n" };
  });
  const builder = playground.builder!;
  draft.edit("nonsense();\n");
  await builder.build(draft.diff);
  expect(builder.failure).toBe("ERROR: kpatch build failed.");
  expect(builder.problems).toEqual([wrong]);
  found = [];
  await builder.build(draft.diff);
  expect(builder.problems).toEqual([]);
});
