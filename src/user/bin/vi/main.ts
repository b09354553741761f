// main.ts - vi: its options and files, and what it does when it is told to die.

import { attempt } from "../../errno.ts";
import type { Program } from "../../sys.ts";
import { decode, encode } from "../../text.ts";
import { type Command, utility, writeFully } from "../command.ts";
import { rescue } from "../edit/file.ts";
import { Terminal } from "../fullscreen/terminal.ts";
import { spawn } from "../spawn.ts";
import { State } from "./state.ts";
import { HungUp, Vi } from "./vi.ts";

const USAGE = `Usage: vi [OPTION]... [+COMMAND] [FILE]...
Edit FILE.

  -R              read only: writing needs !
  -c COMMAND      do COMMAND (of those after a colon) at the start, as +COMMAND
  +N              begin at line N; + alone, at the last line
  +/PATTERN       begin at the first match

~/.vimrc and ~/.exrc may hold lines with "set". "man vi" lists the commands.`;

/** "set" lines; anything else there is for another vi. */
async function startFile(c: Command): Promise<string[]> {
  const home = c.env.get("HOME") ?? "/root";
  for (const name of [".vimrc", ".exrc"]) {
    const fd = await attempt(c.sys.open(`${home}/${name}`, 0));
    if (!fd.ok) continue;
    const text = decode(await c.readAll(fd.value));
    await c.sys.close(fd.value);
    return text.split("\n").filter((line) => /^\s*:?set? /.test(line));
  }
  return [];
}

/** `:!command`: its output stays until a key is pressed. */
async function shell(c: Command, command: string): Promise<void> {
  await spawn(c, command === "" ? [c.env.get("SHELL") ?? "sh"] : ["sh", "-c", command]);
  if (command === "") return;
  await attempt(writeFully(c.sys, 1, encode("\nPress ENTER to continue")));
  await attempt(c.sys.read(0, 4096));
}

interface Ending {
  status: number;
  /** For the terminal, once it is the shell's again. */
  said: string;
}

async function edit(c: Command, terminal: Terminal, files: string[], commands: string[]): Promise<Ending> {
  const state = new State();
  const vi = new Vi(c.sys, terminal, state, files, (command) => shell(c, command));
  for (const line of await startFile(c)) await vi.startWith(line);
  await vi.startWith(`e ${files[0] ?? ""}`);
  if (state.path === "" && files[0] !== undefined) state.path = files[0];
  state.readOnly ||= c.has("R");
  const opened = state.message;
  for (const line of commands) await vi.startWith(line);
  state.message ||= opened;
  try {
    return { status: await vi.run(), said: "" };
  } catch (e) {
    if (!(e instanceof HungUp)) throw e;
    return hungUp(c, state, e.sig);
  }
}

/** The terminal may be gone; the text must not be. */
async function hungUp(c: Command, state: State, sig: number): Promise<Ending> {
  const name = state.doc.modified ? await rescue(c.sys, state.path || "vi", state.doc.text) : null;
  const kept = name === null ? "" : `vi: text preserved in ${name}\n`;
  return { status: 128 + sig, said: `vi: Caught deadly signal ${sig === 1 ? "HUP" : "TERM"}\n${kept}` };
}

/** `+12` and `+/text` become options that getopt knows. */
function rewrite(args: string[]): string[] {
  return args.map((a) => (a.startsWith("+") ? `-c${a.slice(1) || "$"}` : a));
}

const program =
  (name: string): Program =>
  (args) =>
    utility(name, { help: USAGE.replace("vi [", `${name} [`), options: "R c:", rewrite }, async (c) => {
      const terminal = await Terminal.open(c.sys, { alternate: true, paste: true });
      if (!terminal) return c.die("Input is not from a terminal");
      const { status, said } = await edit(c, terminal, c.operands, c.values("c"));
      await terminal.close();
      if (said !== "") await c.errText(said);
      return status;
    })(args);

export const vi = program("vi");
export const vim = program("vim");
export const view: Program = (args) => vi({ ...args, argv: ["view", "-R", ...args.argv.slice(1)] });
