// main.ts - less and more: which texts to show, and when not to page at all.

import { Mode, Open } from "../../../../kernel-as/abi.ts";
import { attempt, strerror } from "../../errno.ts";
import type { Program } from "../../sys.ts";
import { type Command, utility } from "../command.ts";
import { Terminal } from "../fullscreen/terminal.ts";
import { spawn } from "../spawn.ts";
import { KEYS, USAGE } from "./help.ts";
import { applyOption, defaults, type Options, SPEC } from "./options.ts";
import { type Leaving, Pager, type Session } from "./pager.ts";
import { Source } from "./source.ts";
import { View } from "./view.ts";

/** Opens a file, or standard input for `-`; complains when it cannot be shown. */
async function openSource(c: Command, path: string, o: Options): Promise<Source | null> {
  const source = path === "-" ? new Source(c.sys, 0, "", 0) : await openFile(c, path);
  if (source) source.squeeze = o.squeeze;
  return source;
}

async function openFile(c: Command, path: string): Promise<Source | null> {
  const fd = await attempt(c.sys.open(path, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) {
    await c.errText(`${path}: ${strerror(fd.code)}\n`);
    c.status = 1;
    return null;
  }
  const { mode, size } = await c.sys.fstat(fd.value);
  if ((mode & Mode.IFMT) === Mode.IFDIR) {
    await c.errText(`${path} is a directory\n`);
    c.status = 1;
    await c.sys.close(fd.value);
    return null;
  }
  return new Source(c.sys, fd.value, path, (mode & Mode.IFMT) === Mode.IFREG ? size : 0);
}

/** Without a screen it is cat. */
async function justPrint(c: Command, paths: string[], o: Options): Promise<number> {
  for (const path of paths) {
    const source = await openSource(c, path, o);
    if (!source) continue;
    for (;;) {
      const r = await attempt(c.sys.read(source.fd, 65536));
      if (!r.ok) await c.errText(`read error: ${strerror(r.code)}\n`);
      if (!r.ok || r.value.length === 0) break;
      await c.outBytes(r.value);
      await c.flush();
    }
    await c.close(source.fd);
  }
  return c.status;
}

/** -F: reads what one screen holds; prints it and says so when that was all. */
async function printedOneScreen(c: Command, source: Source, o: Options): Promise<boolean> {
  const size = await attempt(c.sys.winsize(1));
  const rows = (size.ok && size.value.rows) || 24;
  const view = new View(source, o, (size.ok && size.value.cols) || 80);
  while (view.places(rows).length < rows && (await source.more()));
  if (!source.ended || view.places(rows).length >= rows) return false;
  for (const p of view.places(rows)) await c.out(`${view.text(p, () => [])}\n`);
  await c.flush();
  return true;
}

async function edit(c: Command, terminal: Terminal, path: string, line: number): Promise<void> {
  const editor = c.env.get("VISUAL") ?? c.env.get("EDITOR") ?? "vi";
  await terminal.lend(async () => {
    await spawn(c, [...editor.split(" "), `+${line + 1}`, path]);
  });
}

/** Shows the files one after another, as the keys say. */
async function page(c: Command, paths: string[], o: Options): Promise<number> {
  let source = await openSource(c, paths[0]!, o);
  if (paths.length === 1 && (!source || (o.quitIfOneScreen && (await printedOneScreen(c, source, o)))))
    return c.status;
  const terminal = await Terminal.open(c.sys, { alternate: !o.noInit });
  if (!terminal) return justPrint(c, paths, o);
  const help = new Source(c.sys, -1, "", 0);
  help.give(KEYS);
  const session: Session = { terminal, options: o, file: 1, files: paths.length, help, search: null };
  let keys = o.initial;
  let left: Leaving = { kind: "quit" };
  while (session.file >= 1 && session.file <= paths.length) {
    source ??= await openSource(c, paths[session.file - 1]!, o);
    if (source) left = await new Pager(session, source, keys).run();
    else left = { kind: "file", by: 1 };
    if (source && source.fd > 0) await c.sys.close(source.fd);
    source = null;
    if (left.kind === "quit" || left.kind === "hangup") break;
    keys = left.kind === "edit" ? `${left.line + 1}g` : "";
    if (left.kind === "edit") await edit(c, terminal, paths[session.file - 1]!, left.line);
    else session.file += left.by;
  }
  await terminal.close();
  return left.kind === "hangup" ? 128 + left.sig : c.status;
}

function options(c: Command, o: Options): Options {
  for (const { name, value } of c.sequence) applyOption(o, name, value);
  return o;
}

/** `+F` becomes an option that getopt knows; $LESS stands before everything. */
function rewrite(args: string[]): string[] {
  return args.map((a) => (a.startsWith("+") && a.length > 1 ? `--initial=${a.slice(1)}` : a));
}

async function show(c: Command, o: Options): Promise<number> {
  const keyboardOnly = c.operands.length === 0 && (await attempt(c.sys.tcgetattr(0))).ok;
  if (keyboardOnly) {
    await c.errText(`Missing filename ("${c.name} --help" for help)\n`);
    return 1;
  }
  const screen = await attempt(c.sys.tcgetattr(1));
  return screen.ok ? page(c, c.inputs, o) : justPrint(c, c.inputs, o);
}

export const less: Program = async ({ sys, argv, env }) => {
  const always = (env.get("LESS") ?? "").split(/[\s$]+/).filter(Boolean);
  const program = utility("less", { help: USAGE, options: SPEC, rewrite }, async (c) =>
    show(c, options(c, defaults())),
  );
  const given = always.map((a) => (a.startsWith("-") || a.startsWith("+") ? a : `-${a}`));
  return program({ sys, argv: [argv[0]!, ...given, ...argv.slice(1)], env });
};

const MORE_USAGE = `Usage: more [OPTION]... [FILE]...
Show FILE(s), or standard input, a screen at a time, and leave at the end.

  -s, --squeeze-blank-lines   show several blank lines as one
  +COMMAND                    keys to type at the start: +/PATTERN searches

SPACE shows the next screen, ENTER the next line, b the screen before, q leaves.`;

export const more: Program = utility("more", { help: MORE_USAGE, options: SPEC, rewrite }, async (c) => {
  const own = { ...defaults(), noInit: true, quitIfOneScreen: true, tildes: false, prompt: "--More--(%pb%)" };
  return show(c, options(c, { ...own, quitAtEnd: 2 }));
});
