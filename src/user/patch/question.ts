// question.ts - patch asks its user, at the terminal: standard input may be the diff.

import { type Command, writeFully } from "../bin/command.ts";
import { attempt } from "../errno.ts";
import { decode, encode } from "../text.ts";

/** The answer without its newline; empty when there is no terminal. */
export async function ask(c: Command, question: string): Promise<string> {
  await c.out(question);
  await c.flush();
  const tty = await attempt(c.sys.open("/dev/tty", 2));
  if (!tty.ok) {
    await c.out("\n");
    return "";
  }
  if (!(await isTerminal(c, 1))) await writeFully(c.sys, tty.value, encode(question));
  const line = await attempt(c.sys.read(tty.value, 4096));
  await c.close(tty.value);
  return line.ok ? decode(line.value).replace(/\n$/, "") : "";
}

async function isTerminal(c: Command, fd: number): Promise<boolean> {
  return (await attempt(c.sys.tcgetattr(fd))).ok;
}
