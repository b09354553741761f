// waiting.test.ts - what interrupts a shell that waits, on a terminal: $? is bash's.
import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

/** A task that sends the shell a signal a second from now. */
const soon = (signal: string): string => `(sleep 1; kill -${signal} $$) & disown\r`;
const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

/** Types, a number being seconds that pass; what `echo` then says of the status. */
async function statusAfter(...keys: (string | number)[]): Promise<string> {
  screen = await openScreen();
  for (const k of keys) await (typeof k === "number" ? screen.pass(k) : screen.type(k));
  await screen.type("echo status=$? ${PIPESTATUS[@]}\r");
  return screen.lines().findLast((l) => l.startsWith("status="))!;
}

const CASES: [string, string, ...(string | number)[]][] = [
  ["a trapped HUP during wait", "129", "trap 'echo got' HUP; sleep 5 &\r", soon("HUP"), "wait\r", 2],
  ["a trapped INT during wait", "130", "trap 'echo got' INT; sleep 5 &\r", soon("INT"), "wait\r", 2],
  ["a trapped WINCH during wait", "156", "trap 'echo got' WINCH; sleep 5 &\r", soon("WINCH"), "wait\r", 2],
  ["WINCH during wait", "0", "sleep 3 &\r", soon("WINCH"), "wait %1\r", 4],
  ["WINCH during wait -n", "0", "sleep 3 &\r", soon("WINCH"), "wait -n %1\r", 4],
  ["WINCH during a program", "0", soon("WINCH"), "sleep 2\r", 3],
  ["WINCH during a pipeline", "0 0", soon("WINCH"), "sleep 2 | echo x\r", 3],
  ["Ctrl-C during a program", "130", "sleep 5\r", CTRL_C],
  ["Ctrl-C during a pipeline", "130 130", "sleep 5 | cat\r", CTRL_C],
  ["Ctrl-C during read", "130", "read x\r", CTRL_C],
  ["Ctrl-C during wait", "130", "sleep 5 &\r", "wait\r", CTRL_C],
  ["Ctrl-C during a substitution", "130", "`sleep 5`\r", CTRL_C],
  ["a syntax error", "2", "syntax ) error\r"],
  ["fg of a job that Ctrl-C ended", "1", "cat\r", CTRL_Z, "fg\r", CTRL_C, "fg\r"],
  ["fg of a stopped pipeline", "1", "sleep 10 | cat | cat\r", CTRL_Z, "fg\r", CTRL_C, "fg\r"],
];

test.each(CASES)("%s", async (_, status, ...keys) => {
  expect(await statusAfter(...keys)).toMatch(new RegExp(`^status=${status.split(" ")[0]!} ?`));
});
