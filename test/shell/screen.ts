// screen.ts - a booted machine with a shell on a terminal, as a user sees it.
import headless from "@xterm/headless";
import { programs } from "../../src/user/programs.ts";
import { init } from "../../src/user/init.ts";
import type { Pacing } from "../../src/machine/clock.ts";
import type { Machine } from "../../src/machine/machine.ts";
import { bootWith, type TestFile } from "../boot.ts";

const encoder = new TextEncoder();

/** More than this at once goes by unseen, as on a terminal that scrolls; xterm would throw at 50 MB. */
const SHOWN_AT_ONCE = 1 << 20;

export interface Screen {
  /** Types text and waits until the machine is quiet and the screen is drawn. */
  type(text: string): Promise<void>;
  /** The same with bytes that need be no text. */
  typeBytes(bytes: Uint8Array): Promise<void>;
  /** What programs threw: our mistakes. */
  readonly crashes: unknown[];
  /** The lines on the screen, without blanks at their ends. */
  lines(): string[];
  text(): string;
  cursor(): { row: number; col: number };
  resize(rows: number, cols: number): Promise<void>;
  /** Lets seconds pass on the wall clock. */
  pass(seconds: number): Promise<void>;
  dispose(): void;
}

/** Gives the test a turn after every so many system calls: nothing here measures time. */
function countPacing(calls: number): Pacing {
  let left = calls;
  return {
    due: () => --left <= 0,
    defer: (callback) => {
      left = calls;
      setImmediate(callback);
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets the machine run until nothing happens any more; it stands still until what it asks for is loaded. */
async function settle(machine: Machine): Promise<void> {
  for (let i = 0; i < 20; i++) {
    do await turn();
    while (machine.kernel.asksCallers);
  }
}

export async function openScreen(
  rows = 24,
  cols = 80,
  files: Record<string, TestFile> = {},
): Promise<Screen> {
  let now = 0;
  let waiting = 0;
  const term = new headless.Terminal({ rows, cols, allowProposedApi: true });
  const all: Record<string, TestFile> = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "etc/group": "root:x:0:\n",
  };
  for (const name of programs.keys()) if (name !== "init") all[`bin/${name}`] = { program: name };
  const { machine } = bootWith(init, {
    programs,
    files: { ...all, ...files },
    cmdline: "quiet",
    pacing: countPacing(200),
    clock: { kind: "host", now: () => now },
    onOutput: (bytes) => {
      if (waiting > SHOWN_AT_ONCE) return;
      waiting += bytes.length;
      term.write(bytes, () => (waiting -= bytes.length));
    },
  });
  term.onData((data) => machine.input(encoder.encode(data)));
  const drawn = () => new Promise<void>((resolve) => term.write("", resolve));
  const quiet = async () => {
    await settle(machine);
    await drawn();
  };
  await quiet();
  machine.resize(rows, cols);
  await quiet();
  const lines = () => {
    const buffer = term.buffer.active;
    const out: string[] = [];
    for (let i = 0; i < buffer.length; i++) out.push(buffer.getLine(i)!.translateToString(true));
    while (out.length > 0 && out.at(-1) === "") out.pop();
    return out;
  };
  const crashes: unknown[] = [];
  machine.onCrash = (error) => crashes.push(error);
  return {
    crashes,
    typeBytes: async (bytes) => {
      machine.input(bytes);
      await quiet();
    },
    type: async (text) => {
      machine.input(encoder.encode(text));
      await quiet();
    },
    lines,
    text: () => lines().join("\n"),
    cursor: () => ({
      row: term.buffer.active.baseY + term.buffer.active.cursorY,
      col: term.buffer.active.cursorX,
    }),
    resize: async (r, c) => {
      term.resize(c, r);
      machine.resize(r, c);
      await quiet();
    },
    pass: async (seconds) => {
      for (let tick = 0; tick < seconds * 20; tick++) {
        now += 5e7;
        machine.input(new Uint8Array());
        await quiet();
      }
    },
    dispose: () => {
      machine.destroy();
      term.dispose();
    },
  };
}
