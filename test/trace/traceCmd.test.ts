import { expect, test } from "vitest";
import { runSnippets } from "../shell/guest.ts";

async function run(text: string) {
  const [result] = await runSnippets([text]);
  return result;
}

test("record and report: the graph of what a command calls", async () => {
  const { stdout, stderr, status } = await run(
    "trace-cmd record -F -p function_graph -l cmdline_proc_show -l seq_printf cat /proc/cmdline >log; echo $?; cat log; trace-cmd report",
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const [code, plugin, ...rest] = stdout.split("\n");
  expect([code, plugin]).toEqual(["0", "  plugin 'function_graph'"]);
  const rows = rest.slice(rest.indexOf("cpus=1") + 1, -1);
  expect(rows.map((row) => row.replace(/^ +cat-\d+ \[000\] +\d+\.\d{6}: /, ""))).toEqual([
    "funcgraph_entry:                     |  cmdline_proc_show() {",
    "funcgraph_entry:         0.100 us    |    seq_printf();",
    "funcgraph_exit:          0.300 us    |  }",
  ]);
});

test("record -p function: callers; the command's status; tracing is reset", async () => {
  const { stdout } = await run(
    "trace-cmd record -p function -l cmdline_proc_show -o my.dat bash -c 'cat /proc/cmdline; exit 3' >/dev/null; echo $?; trace-cmd report -i my.dat; cat /sys/kernel/tracing/current_tracer /sys/kernel/tracing/set_ftrace_filter",
  );
  expect(stdout.replace(/cat-\d+ \[000\] +\d+\.\d{6}/, "cat-N [000] T")).toBe(
    `3\ncpus=1\n${" ".repeat(stdout.match(/\n( +)cat-/)![1].length)}cat-N [000] T: function:             cmdline_proc_show <-- show_record\nnop\n#### all functions enabled ####\n`,
  );
});

test("stream prints while the command runs", async () => {
  const { stdout } = await run(
    "trace-cmd stream -p function -l cmdline_proc_show bash -c 'cat /proc/cmdline >/dev/null; sleep 2; cat /proc/cmdline >/dev/null; echo done'",
  );
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(3);
  // The first row is out before the command, which sleeps in between, says it is done.
  expect(lines[0]).toContain(": cmdline_proc_show <-show_record");
  expect(lines.filter((line) => line.includes("cmdline_proc_show"))).toHaveLength(2);
  expect(lines).toContain("done");
});

test("refusals, list, start, show, stop, reset", async () => {
  const { stdout, stderr } = await run(
    [
      "trace-cmd record -p nosuch true; echo $?",
      "trace-cmd record -p function -l nosuch true; echo $?",
      "trace-cmd report none.dat; echo $?",
      "trace-cmd list -t",
      "trace-cmd list -f cmdline_proc",
      "trace-cmd start -p function -l __x64_sys_getppid",
      "trace-cmd show | head -1",
      "trace-cmd reset",
      "trace-cmd show | head -1",
    ].join("\n"),
  );
  expect(stderr).toBe(
    "trace-cmd: Invalid argument\n  Plugin 'nosuch' does not exist\n" +
      "trace-cmd: Invalid argument\n  Failed to write '/sys/kernel/tracing/set_ftrace_filter'\n" +
      "trace-cmd: No such file or directory\n  opening 'none.dat'\n",
  );
  expect(stdout).toBe(
    "1\n1\n1\nfunction_graph function nop\ncmdline_proc_show\n  plugin 'function'\n# tracer: function\n# tracer: nop\n",
  );
});
