// jobs.test.ts - jobs on a terminal: stopped, waited for, left behind.
import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const PROMPT = "$ ";
const STOPPED = "[1]+  Stopped                 sleep 50";

/** What stands on the screen after the keys, from the first command on. */
async function typing(...keys: string[]): Promise<string[]> {
  screen = await openScreen();
  for (const k of ["PS1='$ '\r", "clear\r", ...keys]) await screen.type(k);
  return screen.lines();
}

test("wait tells of the jobs that ended before what follows runs", async () => {
  await typing("sleep 1 & wait; echo all\r");
  await screen.pass(2);
  await screen.type("(sleep 1; exit 3) & wait %1; echo one\r");
  await screen.pass(2);
  await screen.type("sleep 1 & wait -n; echo next\r");
  await screen.pass(2);
  const lines = screen.lines().filter((l) => !/^\$ |^\[1\] \d/.test(l));
  expect(lines).toEqual([
    "[1]+  Done                    sleep 1",
    "all",
    "[1]+  Exit 3                  ( sleep 1; exit 3 )",
    "one",
    "[1]+  Done                    sleep 1",
    "next",
  ]);
});

test("no wait waits for a stopped job", async () => {
  const lines = await typing(
    "sleep 50\r",
    "\x1a",
    "wait; echo $?\r",
    "wait -n; echo $?\r",
    "wait %1; echo $?\r",
  );
  expect(lines.slice(2)).toEqual([
    STOPPED,
    `${PROMPT}wait; echo $?`,
    expect.stringMatching(/^bash: wait: warning: job 1\[\d+\] stopped$/),
    "0",
    `${PROMPT}wait -n; echo $?`,
    "127",
    `${PROMPT}wait %1; echo $?`,
    "bash: warning: wait_for_job: job 1 is stopped",
    "148",
    PROMPT,
  ]);
});

test("Ctrl-C ends wait -n, and the job lives on", async () => {
  const lines = await typing("sleep 50 &\r", "wait -n\r", "\x03", "echo $?\r", "jobs\r");
  expect(lines).toContain("130");
  expect(lines).toContain("[1]+  Running                 sleep 50 &");
});

test("Ctrl-Z ends a loop, all loops around it, and what follows them runs", async () => {
  const loops = "for i in 1 2; do while :; do sleep 50; echo in; done; echo out; done; echo after $?\r";
  const lines = await typing(loops, "\x1a", "fg\r", "\x03", "jobs\r", "echo end\r");
  expect(lines.filter((l) => /^(in|out)/.test(l))).toEqual([]);
  expect(lines).toContain(STOPPED);
  expect(lines).toContain("after 148");
  expect(lines.slice(-4)).toEqual([`${PROMPT}jobs`, `${PROMPT}echo end`, "end", PROMPT]);
});

test("exit does not leave a stopped job behind unless it is said twice", async () => {
  const lines = await typing("sleep 50\r", "\x1a", "exit\r", "echo here\r", "exit\r", "\r", "\x04");
  const warning = ["exit", "There are stopped jobs."];
  expect(lines.slice(2)).toEqual([
    STOPPED,
    `${PROMPT}exit`,
    ...warning,
    `${PROMPT}echo here`,
    "here",
    `${PROMPT}exit`,
    ...warning,
    PROMPT,
    PROMPT,
    "exit",
    // The terminal's next shell.
    expect.stringContaining("root@patchbay"),
  ]);
});

test("a job that stops itself is told of after an empty line, with its reason in jobs -l", async () => {
  const lines = await typing("cat &\r", "\r", "jobs -l\r");
  expect(lines.slice(2, 5)).toEqual([PROMPT, "", "[1]+  Stopped                 cat"]);
  expect(lines.at(-2)).toMatch(/^\[1\]\+ +\d+ Stopped \(tty input\) +cat$/);
});
