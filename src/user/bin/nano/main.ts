// main.ts - nano: its options and files, and what it does when it is told to die.

import { strerror } from "../../errno.ts";
import type { Program } from "../../sys.ts";
import { type Command, utility } from "../command.ts";
import { Document } from "../edit/document.ts";
import { load, rescue } from "../edit/file.ts";
import { Terminal } from "../fullscreen/terminal.ts";
import type { Habits } from "./buffer.ts";
import { countLines, lines, Nano } from "./nano.ts";
import { HungUp } from "./screen.ts";
import { USAGE } from "./texts.ts";

interface Start {
  path: string;
  line: number;
  col: number;
}

/** `+12,3 file` opens the file there. */
function starts(operands: string[]): Start[] {
  const out: Start[] = [];
  let [line, col] = [1, 1];
  for (const operand of operands) {
    const at = /^\+(\d+)(?:,(\d+))?$/.exec(operand);
    if (at) [line, col] = [Number(at[1]), Number(at[2] ?? 1)];
    else {
      out.push({ path: operand, line, col });
      [line, col] = [1, 1];
    }
  }
  return out.length > 0 ? out : [{ path: "", line, col }];
}

async function edit(c: Command, terminal: Terminal, start: Start, habits: Habits): Promise<string | null> {
  const file = start.path === "" ? { kind: "new" as const } : await load(c.sys, start.path);
  if (file.kind === "failed") return `Error reading ${start.path}: ${strerror(file.code)}`;
  const doc = file.kind === "text" ? Document.openEnded(file.text) : Document.openEnded("");
  const nano = new Nano(c.sys, terminal, start.path, doc, habits, c.has("v"));
  nano.buffer.goTo({ line: start.line - 1, col: start.col - 1 });
  if (start.path !== "") nano.say(file.kind === "new" ? "New File" : `Read ${lines(countLines(doc))}`);
  try {
    await nano.run();
  } catch (e) {
    if (e instanceof HungUp && nano.buffer.doc.modified) await keep(c, nano, e);
    throw e;
  }
  return null;
}

/** The terminal may be gone; the text must not be. */
async function keep(c: Command, nano: Nano, why: HungUp): Promise<void> {
  const name = await rescue(c.sys, nano.path || "nano", nano.buffer.doc.text);
  const said = name === null ? "Buffer not written" : `Buffer written to ${name}`;
  why.message = `Received SIGHUP or SIGTERM\n${said}`;
}

export const nano: Program = utility(
  "nano",
  { help: USAGE, options: "i,autoindent l,linenumbers E,tabstospaces T:,tabsize v,view" },
  async (c) => {
    const habits: Habits = {
      tab: Number(c.value("T") ?? 8),
      autoindent: c.has("i"),
      spaces: c.has("E"),
      numbers: c.has("l"),
    };
    if (!Number.isInteger(habits.tab) || habits.tab < 1)
      await c.die(`Requested tab size "${c.value("T")}" is invalid`);
    const terminal = await Terminal.open(c.sys, { alternate: true, paste: true });
    if (!terminal) return c.die("Standard input is not a terminal");
    let said = "";
    try {
      for (const start of starts(c.operands)) said = (await edit(c, terminal, start, habits)) ?? said;
    } catch (e) {
      if (!(e instanceof HungUp)) throw e;
      await terminal.close();
      await c.errText(e.message.startsWith("Received") ? `${e.message}\n` : "");
      return 128 + e.sig;
    }
    await terminal.close();
    if (said !== "") await c.die(said);
    return 0;
  },
);
