// main.ts - the program awk.

import { utility } from "../command.ts";
import { AwkSyntax, type Program } from "./ast.ts";
import { Awk } from "./interpreter.ts";
import { unescape } from "./lexer.ts";
import { parseAwk } from "./parser.ts";
import { AwkError, fromInput } from "./values.ts";

export const awk = utility(
  "awk",
  {
    help: `Usage: awk [-F fs] [-v var=value] 'program' [file ...]
   or: awk [-F fs] [-v var=value] -f progfile [file ...]
Scan and process patterns: POSIX awk.

  -F fs          use fs for the input field separator
  -v var=value   assign value to var before the program begins
  -f progfile    read the program from a file`,
    options: "F: v: f: ,posix",
    posix: true,
    usageStatus: 2,
  },
  async (c) => {
    let source = "";
    for (const file of c.values("f")) {
      const text = await c.slurpText(file);
      if (text === null) return 2;
      source += `${text}\n`;
    }
    let files = c.operands;
    if (!c.has("f")) {
      if (files.length === 0) {
        await c.errText(`${c.info.help.split("\n").slice(0, 2).join("\n")}\n`);
        return 2;
      }
      source = files[0]!;
      files = files.slice(1);
    }
    let program: Program;
    try {
      program = parseAwk(source);
    } catch (e) {
      if (!(e instanceof AwkSyntax)) throw e;
      await c.errText(`awk: line ${e.line}: ${e.message}\n`);
      return 2;
    }
    const run = new Awk(c, program);
    if (c.has("F")) run.vars.set("FS", c.value("F") === "t" ? "\t" : unescape(c.value("F")!));
    for (const v of c.values("v")) {
      const at = v.indexOf("=");
      if (at < 1) await c.usage(`invalid assignment: ${v}`);
      run.vars.set(v.slice(0, at), fromInput(unescape(v.slice(at + 1))));
    }
    const argv = run.table("ARGV");
    ["awk", ...files].forEach((f, i) => argv.set(String(i), fromInput(f)));
    run.vars.set("ARGC", files.length + 1);
    try {
      return await run.run();
    } catch (e) {
      if (!(e instanceof AwkError)) throw e;
      await c.warn(e.message, 2);
      return 2;
    }
  },
);
