// terminal.test.ts - `patchbay sh` on a real terminal: its size, its keys, its end.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { TerminalModes } from "../../src/cli/terminalModes.ts";

const root = join(import.meta.dirname, "../..");
const SCRIPT = "/usr/bin/script";
const PATCHBAY = `node ${join(root, "src/cli/patchbay.mjs")}`;

interface Session {
  /** Types once the screen has shown `wait` since the last time; what came until then. */
  type: (wait: RegExp, keys: string) => Promise<string>;
  /** All that came, when the program under the terminal has ended. */
  ended: Promise<string>;
}

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill()));

/** A shell command on a terminal of its own, which util-linux's script makes. */
function onTerminal(command: string): Session {
  const child = spawn(SCRIPT, ["-qfec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  let all = "";
  let seen = 0;
  let look = (): void => {};
  child.stdout.on("data", (data: Buffer) => {
    all += data.toString();
    look();
  });
  return {
    ended: new Promise((resolve) => child.on("close", () => resolve(all))),
    type: (wait, keys) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no ${String(wait)} in ${all.slice(seen)}`)), 100_000);
        look = () => {
          const found = wait.exec(all.slice(seen));
          if (!found) return;
          const text = all.slice(seen, seen + found.index);
          seen += found.index + found[0].length;
          look = () => {};
          clearTimeout(late);
          // A key that is typed before its program has begun is another program's.
          setTimeout(() => {
            child.stdin.write(keys);
            resolve(text);
          }, 300);
        };
        look();
      }),
  };
}

const PROMPT = /~# /;
/** What the terminal says of itself afterwards: raw mode would have -echo. */
const AFTER = `; echo "status=$?"; stty -a | grep -o -- '-*\\becho\\b'`;

test("a terminal's size and keys, Ctrl-C, Ctrl-Z, and the shell's exit status", async () => {
  if (!existsSync(SCRIPT)) return console.warn("NOT RUN: no script(1) here to make a terminal");
  const session = onTerminal(`stty rows 31 cols 97; ${PATCHBAY} sh${AFTER}`);
  await session.type(PROMPT, "stty size; echo $LINES $COLUMNS; tty\r");
  await session.type(/31 97\s+31 97\s+\/dev\/\w+\s/, "echo go; sleep 1000\r");
  await session.type(/2004lgo\s/, "\x03");
  await session.type(/\^C/, "echo st=$?; sleep 1000\r");
  await session.type(/st=130\s/, "\x1a");
  await session.type(/Stopped +sleep 1000/, "kill %1; wait; echo o$((1))ver\r");
  await session.type(/o1ver\s/, "exit 7\r");
  expect((await session.ended).replace(/\r/g, "")).toMatch(/exit\n[^\n]*status=7\necho\n$/);
});

test("killed from outside, it leaves the terminal as it was", async () => {
  if (!existsSync(SCRIPT)) return;
  const session = onTerminal(`sh -c 'echo pid=$$; exec ${PATCHBAY} sh'${AFTER}`);
  const pid = /pid=(\d+)/.exec(await session.type(PROMPT, ""))![1];
  process.kill(Number(pid), "SIGTERM");
  const text = (await session.ended).replace(/\r/g, "");
  expect(text).toMatch(/status=143\necho\n$/);
  expect(text).toContain("\x1b[?2004h");
  expect(text.slice(text.lastIndexOf("\x1b[?2004h"))).toContain("\x1b[?2004l");
});

test("modes that are on are switched off, also when a sequence comes in two pieces", () => {
  const modes = new TerminalModes();
  const see = (text: string): void => modes.see(Buffer.from(text));
  expect(modes.undo()).toBe("\x1b[0m");
  see("plain \x1b[31mred\x1b[?2004h\x1b[?1049h\x1b[?2");
  see("5l\x1b[?1;1000h");
  expect(modes.undo()).toBe("\x1b[?2004l\x1b[?1049l\x1b[?25h\x1b[?1l\x1b[?1000l\x1b[0m");
  see("\x1b[?2004l\x1b[?1049l\x1b[?25h\x1b[?1;1000l");
  expect(modes.undo()).toBe("\x1b[0m");
});
