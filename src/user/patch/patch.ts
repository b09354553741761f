// patch.ts - the command patch.

import { attempt, strerror } from "../errno.ts";
import { type Command, utility } from "../bin/command.ts";
import { decode } from "../text.ts";
import { best, candidates, creates, escapes, removes } from "./fileNames.ts";
import { type FilePatch, parseDiff, STRIPPED, turned } from "./parseDiff.ts";
import { patchFile } from "./patchFile.ts";
import { ask } from "./question.ts";
import { fatal, ignored, type Settings } from "./settings.ts";
import type { Program } from "../sys.ts";

const HELP = `Usage: patch [OPTION]... [ORIGFILE [PATCHFILE]]
Apply a diff file to an original.

  -p NUM  --strip=NUM      strip NUM leading components from file names
  -F LINES  --fuzz LINES   set the fuzz factor to LINES for inexact matching
  -N  --forward            ignore patches that appear reversed or already applied
  -R  --reverse            assume patches were created with old and new files swapped
  -i PATCHFILE  --input=PATCHFILE  read patch from PATCHFILE instead of stdin
  -o FILE  --output=FILE   output patched files to FILE
  -r FILE  --reject-file=FILE  output rejects to FILE
  -E  --remove-empty-files  remove output files that are empty after patching
  -t  --batch              ask no questions; skip bad patches; assume reversed if needed
  -f  --force              like -t, but ignore bad patches and assume unreversed
  -s  --quiet  --silent    work silently unless an error occurs
      --dry-run            do not change any files; print what would happen
  -d DIR  --directory=DIR  change the working directory to DIR first
  -b  --backup             back up the original contents of each file
  -V, -z SUFF, -B PREF     how the backups are called`;

const OPTIONS =
  "p:,strip F:,fuzz N,forward R,reverse i:,input o:,output r:,reject-file E,remove-empty-files t,batch " +
  "f,force s,quiet ,silent ,dry-run d:,directory b,backup z:,suffix B:,prefix V:,version-control u,unified " +
  "l,ignore-whitespace ,verbose ,no-backup-if-mismatch ,backup-if-mismatch ,posix ,binary";

async function readPatch(c: Command, path: string): Promise<string> {
  if (path === "-") return decode(await c.readAll(0));
  const fd = await attempt(c.sys.open(path, 0));
  if (!fd.ok) return fatal(c, `Can't open patch file ${path} : ${strerror(fd.code)}`);
  const data = await attempt(c.readAll(fd.value));
  await c.close(fd.value);
  if (!data.ok) return fatal(c, `read error : ${strerror(data.code)}`);
  return decode(data.value);
}

async function settings(c: Command): Promise<Settings> {
  const number = async (option: string, what: string, otherwise: number): Promise<number> => {
    const text = c.value(option);
    if (text === undefined) return otherwise;
    return /^\d+$/.test(text) ? Number(text) : fatal(c, `${what} ${text} is not a number`);
  };
  const fuzz = await number("F", "fuzz factor", 2);
  return { reverse: c.has("R"), fuzz, outputBegun: false };
}

async function stripCount(c: Command): Promise<number> {
  const text = c.value("p");
  if (text === undefined) return Infinity;
  return /^\d+$/.test(text) ? Number(text) : fatal(c, `strip count ${text} is not a number`);
}

/** The file a part of the patch is for; null when nobody knows. */
async function target(c: Command, part: FilePatch, count: number, reverse: boolean): Promise<string | null> {
  const names = candidates(part, count).filter((name) => !escapes(name));
  const there: string[] = [];
  for (const name of names) if ((await attempt(c.sys.stat(name))).ok) there.push(name);
  const makes = creates(part) || removes(part) || reverse;
  return best(there) ?? (makes ? best(names) : undefined) ?? askName(c, part);
}

async function askName(c: Command, part: FilePatch): Promise<string | null> {
  if (candidates(part, 0).some(escapes)) await c.out("Ignoring potentially dangerous file name\n");
  await c.out(`can't find file to patch at input line ${part.line}\n`);
  await c.out(
    c.has("p")
      ? "Perhaps you used the wrong -p or --strip option?\n"
      : "Perhaps you should have used the -p or --strip option?\n",
  );
  const shown = part.leading.map((line) => `|${line}\n`).join("");
  const bar = "--------------------------\n";
  await c.out(`The text leading up to this was:\n${bar}${shown}${bar}`);
  if (c.has("f") || c.has("t")) {
    await c.out("No file to patch.  Skipping patch.\n");
    return null;
  }
  const name = await ask(c, "File to patch: ");
  if (name !== "" && (await attempt(c.sys.stat(name))).ok) return name;
  if (name !== "") await c.out(`${name}: No such file or directory\n`);
  const skip = await ask(c, "Skip this patch? [y] ");
  if (skip.startsWith("n")) return askName(c, part);
  await c.out("Skipping patch.\n");
  return null;
}

async function applyAll(c: Command, text: string): Promise<number> {
  const parts = parseDiff(text, c.has("binary"));
  if (parts.length === 0 && text !== "") return fatal(c, "Only garbage was found in the patch input.");
  const set = await settings(c);
  const count = await stripCount(c);
  let status = 0;
  for (const written of parts) {
    const part = set.reverse ? turned(written) : written;
    if (part.strippedCR && !c.has("s")) await c.out(`${STRIPPED}\n`);
    const name = c.operands[0] ?? (await target(c, part, count, set.reverse));
    if (name === null) {
      await c.out(`${ignored(part.hunks.length)}\n`);
      status = 1;
    } else status = Math.max(status, await patchFile(c, part, name, set));
  }
  return status;
}

const INFO = {
  help: HELP,
  options: OPTIONS,
  usageStatus: 2,
  hint: "patch: Try 'patch --help' for more information.",
};

const patch = utility("patch", INFO, async (c) => {
  if (c.operands.length > 2) await c.usage(`${c.operands[2]}: extra operand`);
  const dir = c.value("d");
  if (dir !== undefined) {
    const moved = await attempt(c.sys.chdir(dir));
    if (!moved.ok) await fatal(c, `Can't change to directory ${dir} : ${strerror(moved.code)}`);
  }
  return applyAll(c, await readPatch(c, c.value("i") ?? c.operands[1] ?? "-"));
});

export const patchPrograms: Record<string, Program> = { patch };
