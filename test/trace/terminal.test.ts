/** Tracing on a terminal: what waits for events, until Ctrl-C. */

import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "../shell/screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const TRACING = "/sys/kernel/tracing";
const CTRL_C = "\x03";

/** Types line after line; the screen without prompts, and without times and pids. */
async function session(...lines: string[]): Promise<string[]> {
  screen = await openScreen(24, 160);
  for (const line of lines) {
    await screen.type(line === CTRL_C ? line : `${line}\r`);
    await screen.pass(2);
  }
  return screen
    .lines()
    .filter((line) => !/^(\^C)?root@/.test(line))
    .map((line) => line.trim().replace(/-\d+ +\[000\] (\.{5} )? +\d+\.\d{6}: /, "-PID: "));
}

test("cat trace_pipe waits, prints what comes, and ends with Ctrl-C", async () => {
  expect(
    await session(
      `echo cmdline_proc_show > ${TRACING}/set_ftrace_filter; echo function > ${TRACING}/current_tracer`,
      `(sleep 1; cat /proc/cmdline > /tmp/out) & cat ${TRACING}/trace_pipe`,
      CTRL_C,
      `echo $?; echo nop > ${TRACING}/current_tracer; cat ${TRACING}/current_tracer`,
    ),
  ).toEqual([
    expect.stringMatching(/^\[1\] \d+$/),
    "cat-PID: cmdline_proc_show <-show_record",
    "^C",
    expect.stringMatching(/^\[1\]\+ {2}Done /),
    "130",
    "nop",
  ]);
});

test("trace-cmd record without a command records until Ctrl-C, and leaves nothing behind", async () => {
  expect(
    await session(
      "(sleep 1; cat /proc/cmdline > /tmp/out) & trace-cmd record -p function -l cmdline_proc_show",
      CTRL_C,
      `trace-cmd report | tail -n 1; cat ${TRACING}/current_tracer`,
    ),
  ).toEqual([
    expect.stringMatching(/^\[1\] \d+$/),
    "plugin 'function'",
    "Hit Ctrl^C to stop recording",
    expect.stringMatching(/^\^CCPU0 data recorded at offset=0x17$/),
    expect.stringMatching(/^\d+ bytes in size$/),
    expect.stringMatching(/^\[1\]\+ {2}Done /),
    "cat-PID: function:             cmdline_proc_show <-- show_record",
    "nop",
  ]);
});

test("trace-cmd stream ends with Ctrl-C, with a command and without", async () => {
  for (const command of ["", " sleep 100"]) {
    expect(
      await session(
        `trace-cmd stream -p function -l __x64_sys_rename${command}`,
        CTRL_C,
        `echo $?; cat ${TRACING}/current_tracer ${TRACING}/set_ftrace_notrace_pid`,
      ),
    ).toEqual([command === "" ? "0" : "130", "nop", "no pid"]);
    screen.dispose();
  }
});
