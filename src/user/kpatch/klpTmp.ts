// klpTmp.ts - klp-tmp/, the work folder of klp-build: every intermediate result as a file.
//
//   orig/PATH.ts    patched/PATH.ts     the sources of both sides
//   orig/PATH.o     patched/PATH.o      their functions, all references by name
//   orig/checksums  patched/checksums   CHECKSUM FUNCTION, for each function of these files
//   diff/functions  diff/PATH.o.diff    what differs
//   diff/vmlinux.o                      the new functions, linked but without a name
//   kmod/NAME.ko                        the module
import { createTwoFilesPatch } from "diff";
import type { BuildAnswer, BuildRequest, FunctionDetail, SideDetail } from "./buildJob.ts";
import { objectOf } from "./findings.ts";
import { exists, isDir, makeDirs, readFile, readText, writeFile } from "./io.ts";
import { removeTree } from "./removeTree.ts";
import { readTree } from "./sourceTree.ts";
import type { Tool } from "./tool.ts";
import type { Tree } from "./applyDiffs.ts";

export const TMP = "klp-tmp";
const OBJECT = `${TMP}/diff/vmlinux.o`;

type Side = "orig" | "patched";
type Patched = BuildRequest["patched"];

/** A file in a folder that may not be there yet. */
export async function putFile(tool: Tool, path: string, content: string | Uint8Array): Promise<void> {
  await makeDirs(tool.sys, path.replace(/\/[^/]*$/, ""));
  await writeFile(tool.sys, path, content);
}

const put = (tool: Tool, path: string, content: string | Uint8Array): Promise<void> =>
  putFile(tool, `${TMP}/${path}`, content);

/** Writes what a build answered. */
export async function keepResults(
  tool: Tool,
  tree: Tree,
  patched: Patched,
  answer: BuildAnswer,
): Promise<void> {
  for (const [path, text] of Object.entries(patched)) {
    const old = tree.get(path);
    if (old !== undefined) await put(tool, `orig/${path}`, old);
    if (text !== null) await put(tool, `patched/${path}`, text);
  }
  if (!("notes" in answer)) return;
  for (const side of ["orig", "patched"] as const) await putSide(tool, TMP, side, answer.details ?? []);
  await putDiffs(tool, answer.details ?? []);
  const lines = answer.notes.map(({ kind, func, file }) => `${kind} ${func} ${file}\n`);
  await put(tool, "diff/functions", lines.join(""));
  if (answer.kind === "built") await put(tool, "diff/vmlinux.o", answer.ko);
}

export const keepModule = (tool: Tool, name: string, ko: Uint8Array): Promise<void> =>
  put(tool, `kmod/${name}`, ko);

/** Functions and checksums of one side, below `dir`. */
export async function putSide(tool: Tool, dir: string, side: Side, details: FunctionDetail[]): Promise<void> {
  const there = details.flatMap((d) => (d[side] ? [{ ...d, ...(d[side] as SideDetail) }] : []));
  await putFile(
    tool,
    `${dir}/${side}/checksums`,
    there.map(({ checksum, name }) => `${checksum} ${name}\n`).join(""),
  );
  for (const [file, texts] of byFile(there)) {
    await putFile(tool, `${dir}/${side}/${objectOf(file)}`, texts.map(({ text }) => text).join("\n"));
  }
}

function byFile<T extends { file: string }>(list: T[]): Map<string, T[]> {
  const files = new Map<string, T[]>();
  for (const item of list) files.set(item.file, [...(files.get(item.file) ?? []), item]);
  return files;
}

async function putDiffs(tool: Tool, details: FunctionDetail[]): Promise<void> {
  const differ = details.filter(({ orig, patched }) => orig?.checksum !== patched?.checksum);
  for (const [file, functions] of byFile(differ)) {
    const diffs = functions.map(({ name, orig, patched }) =>
      createTwoFilesPatch(`orig/${name}`, `patched/${name}`, orig?.text ?? "", patched?.text ?? ""),
    );
    await put(tool, `diff/${objectOf(file)}.diff`, diffs.join(""));
  }
}

/** What a step needs of the steps before it and does not find; null: it can start. */
export async function missingFor(tool: Tool, step: number): Promise<string | null> {
  const needed: [number, string, string][] = [
    [2, "orig", "orig"],
    [3, "patched", "patched"],
    [4, "patched", "patched/checksums"],
    [5, "diff", "diff/vmlinux.o"],
  ];
  for (const [from, dir, result] of needed) {
    const there = step < from || (await exists(tool.sys, `${TMP}/${result}`));
    if (!there) return `${await tool.sys.getcwd()}/${TMP}/${dir}`;
  }
  return null;
}

/** The patched files, as they are in klp-tmp/ now. */
export async function keptSources(tool: Tool): Promise<Patched> {
  const [orig, patched] = [await sources(tool, "orig"), await sources(tool, "patched")];
  const paths = [...new Set([...orig.keys(), ...patched.keys()])].sort();
  return Object.fromEntries(paths.map((path) => [path, patched.get(path) ?? null]));
}

async function sources(tool: Tool, side: Side): Promise<Tree> {
  const dir = `${TMP}/${side}`;
  return (await isDir(tool.sys, dir)) ? readTree(tool.sys, dir) : new Map();
}

/** Functions whose checksums differ, by the two files. */
export async function keptChanges(tool: Tool): Promise<string[]> {
  const [orig, patched] = [await checksums(tool, "orig"), await checksums(tool, "patched")];
  return [...patched].filter(([name, sum]) => orig.has(name) && orig.get(name) !== sum).map(([name]) => name);
}

async function checksums(tool: Tool, side: Side): Promise<Map<string, string>> {
  const lines = (await readText(tool.sys, `${TMP}/${side}/checksums`)).split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}

export const keptObject = (tool: Tool): Promise<Uint8Array> => readFile(tool.sys, OBJECT);

export const removeTmp = (tool: Tool): Promise<void> => removeTree(tool.sys, TMP);
