// patchFile.ts - one file of a patch: its hunks, its backup, its rejects.

import { type Command, writeFully } from "../bin/command.ts";
import { attempt, strerror } from "../errno.ts";
import type { Stat } from "../sys.ts";
import { decode, encode } from "../text.ts";
import { creates, removes } from "./fileNames.ts";
import { linesOf, type Outcome, outcomeText, Patching } from "./hunks.ts";
import { type FilePatch, hunkText, reversed, turned } from "./parseDiff.ts";
import { ask } from "./question.ts";
import { fatal, ignored, type Settings } from "./settings.ts";

interface Old {
  text: string;
  stat: Stat | null;
}

async function readOld(c: Command, name: string): Promise<Old> {
  const st = await attempt(c.sys.stat(name));
  if (!st.ok) return { text: "", stat: null };
  const fd = await attempt(c.sys.open(name, 0));
  if (!fd.ok) return fatal(c, `Can't open file ${name} : ${strerror(fd.code)}`);
  const data = await c.readAll(fd.value);
  await c.close(fd.value);
  return { text: decode(data), stat: st.value };
}

/** 0 when all hunks went in, else 1. */
export async function patchFile(c: Command, given: FilePatch, name: string, set: Settings): Promise<number> {
  const st = await attempt(c.sys.stat(name));
  if (st.ok && (st.value.mode & 0o170000) !== 0o100000) {
    await c.out(`File ${name} is not a regular file -- refusing to patch\n`);
    await finish(
      c,
      name,
      given,
      given.hunks.map(() => null),
      "ignored",
    );
    return 1;
  }
  const old = await readOld(c, name);
  const announced = `${c.has("dry-run") ? "checking" : "patching"} file `;
  const output = c.value("o");
  const title = output === undefined ? name : `${output} (read from ${name})`;
  const say = (text: string): Promise<void> => (c.has("s") ? Promise.resolve() : c.out(text));
  const clash = existence(given, name, old, set.reverse);
  if (clash === null) await say(`${announced}${title}\n`);
  if (given.broken !== null) return fatal(c, given.broken);
  const patching = new Patching(linesOf(old.text), set.fuzz);
  const decision = await direction(c, given, patching, clash, set);
  if (decision === "skip") {
    await c.out("Skipping patch.\n");
    await finish(
      c,
      name,
      given,
      given.hunks.map((h) => patching.skip(h)),
      "ignored",
    );
    return 1;
  }
  if (clash !== null) await say(`${announced}${title}\n`);
  const part = decision === "reverse" ? turned(given) : given;
  return applyTo(c, { part, name, old, patching, mismatch: part !== given }, set);
}

/** The file should not be there and is, or the other way round. */
function existence(part: FilePatch, name: string, old: Old, reverse: boolean): string | null {
  const verb = reverse ? "when reversed, would" : "would";
  const next = reverse ? "The next patch," : "The next patch";
  if (creates(part) && old.text !== "")
    return `${next} ${verb} create the file ${name},\nwhich already exists!`;
  if (removes(part) && old.stat === null)
    return `${next} ${verb} delete the file ${name},\nwhich does not exist!`;
  return null;
}

type Decision = "apply" | "skip" | "reverse";

/** Whether this patch was applied before, and what to do then. */
async function direction(
  c: Command,
  part: FilePatch,
  patching: Patching,
  clash: string | null,
  set: Settings,
): Promise<Decision> {
  const first = part.hunks[0];
  if (first === undefined) return "apply";
  const again =
    clash === null && !c.has("f") && !patching.fits(first) && patching.fits(reversed(first))
      ? `${set.reverse ? "Unreversed" : "Reversed (or previously applied)"} patch detected!`
      : null;
  const what = clash ?? again;
  if (what === null) return "apply";
  await c.out(`${what}  `);
  if (c.has("N")) return "skip";
  if (c.has("f")) {
    await c.out("Applying it anyway.\n");
    return "apply";
  }
  if (c.has("t")) {
    await c.out(set.reverse ? "Ignoring -R.\n" : "Assuming -R.\n");
    return "reverse";
  }
  const turn = await ask(c, set.reverse ? "Ignore -R? [n] " : "Assume -R? [n] ");
  if (turn.startsWith("y")) return "reverse";
  const apply = await ask(c, "Apply anyway? [n] ");
  return apply.startsWith("y") ? "apply" : "skip";
}

interface Job {
  part: FilePatch;
  name: string;
  old: Old;
  patching: Patching;
  /** The file is not quite what the diff was made for. */
  mismatch: boolean;
}

async function applyTo(c: Command, job: Job, set: Settings): Promise<number> {
  const { part, name, old, patching } = job;
  const outcomes: Outcome[] = [];
  const full = creates(part) && old.text !== "";
  for (const [i, hunk] of part.hunks.entries()) {
    const outcome = full ? patching.skip(hunk) : patching.apply(hunk);
    outcomes.push(outcome);
    const text = outcomeText(outcome, i + 1);
    if (text !== null && !(c.has("s") && outcome.ok)) await c.out(`${text}\n`);
  }
  const rejected = outcomes.map((o) => (o.ok ? undefined : o));
  const failed = outcomes.some((o) => !o.ok);
  if (failed && old.stat === null && !removes(part))
    return fatal(c, `Can't reopen file ${name} : ${strerror(2)}`);
  job.mismatch ||= outcomes.some((o) => !o.ok || o.fuzz > 0 || o.offset !== 0);
  const left = !c.has("dry-run") && (await store(c, job, set));
  await finish(c, name, part, rejected, "FAILED");
  return failed || left ? 1 : 0;
}

/** Writes the result; true when a file that should go away is left. */
async function store(c: Command, job: Job, set: Settings): Promise<boolean> {
  const { part, name, old } = job;
  const text = job.patching.text();
  const output = c.value("o");
  if (output !== undefined) {
    await append(c, output, text, set);
    return false;
  }
  if (old.stat !== null && (c.has("b") || (job.mismatch && !c.has("no-backup-if-mismatch"))))
    await backup(c, name, old);
  if (text === "" && (removes(part) || c.has("E"))) {
    await attempt(c.sys.unlink(name));
    return false;
  }
  if (text !== old.text) await write(c, name, text, old.stat);
  if (!removes(part)) return false;
  await c.out(`Not deleting file ${name} as content differs from patch\n`);
  return true;
}

async function backup(c: Command, name: string, old: Old): Promise<void> {
  const slash = name.lastIndexOf("/") + 1;
  const suffix = c.value("z") ?? (c.has("B") ? "" : ".orig");
  const to = `${name.slice(0, slash)}${c.value("B") ?? ""}${name.slice(slash)}${suffix}`;
  await write(c, to, old.text, old.stat);
}

async function write(c: Command, path: string, text: string, like: Stat | null): Promise<void> {
  await put(c, path, text, 0o1101);
  if (like) await attempt(c.sys.chmod(path, like.mode & 0o7777));
}

/** -o collects the files of a patch one behind the other. */
async function append(c: Command, path: string, text: string, set: Settings): Promise<void> {
  if (path === "-") return c.out(text);
  await put(c, path, text, set.outputBegun ? 0o2101 : 0o1101);
  set.outputBegun = true;
}

async function put(c: Command, path: string, text: string, flags: number): Promise<void> {
  await parents(c, path);
  const fd = await attempt(c.sys.open(path, flags, 0o666));
  if (!fd.ok) return fatal(c, `Can't create file ${path} : ${strerror(fd.code)}`);
  await writeFully(c.sys, fd.value, encode(text));
  await c.close(fd.value);
}

async function parents(c: Command, path: string): Promise<void> {
  for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1))
    await attempt(c.sys.mkdir(path.slice(0, at), 0o777));
}

/** The line that sums up, and the reject file. Entries are the hunks that did not go in. */
async function finish(
  c: Command,
  name: string,
  part: FilePatch,
  rejected: (Outcome | null | undefined)[],
  word: string,
): Promise<void> {
  const count = rejected.filter((r) => r !== undefined).length;
  if (count === 0) return;
  const total = part.hunks.length;
  const summary =
    word === "ignored" ? ignored(total) : `${count} out of ${total} hunk${total === 1 ? "" : "s"} ${word}`;
  const path = c.value("r") ?? `${c.value("o") ?? name}.rej`;
  const st = await attempt(c.sys.stat(name));
  const saves = !c.has("dry-run") && path !== "-" && (word !== "ignored" || (st.ok && !creates(part)));
  await c.out(`${summary}${saves ? ` -- saving rejects to file ${path}` : ""}\n`);
  if (!saves) return;
  const hunks = part.hunks.filter((_, i) => rejected[i] !== undefined).map((h) => hunkText(h, 0));
  await write(c, path, `${part.header.join("\n")}\n${hunks.join("")}`, null);
}
