// objdump.ts - nm and objdump, for the only kind of binary there is: Wasm.

import { type Command, Leave, utility } from "../bin/command.ts";
import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { disassemble } from "./disassemble.ts";
import { symbols, type WasmSymbol } from "./symbols.ts";
import { addNames } from "./systemMap.ts";
import { bareName, NotWasm, readWasm, type WasmFile } from "./wasmFile.ts";

const hex = (n: number, width: number): string => n.toString(16).padStart(width, "0");

async function load(c: Command, path: string): Promise<WasmFile | null> {
  const fd = await attempt(c.sys.open(path, 0));
  if (!fd.ok) {
    await c.warn(fd.code === 2 ? `'${path}': No such file` : `${path}: ${strerror(fd.code)}`);
    return null;
  }
  const data = await attempt(c.readAll(fd.value));
  await c.close(fd.value);
  if (!data.ok) {
    await c.warn(data.code === 21 ? `Warning: '${path}' is a directory` : `${path}: ${strerror(data.code)}`);
    return null;
  }
  try {
    const file = readWasm(data.value);
    // A damaged table shows now, not in the middle of a listing.
    symbols(file);
    await addNames(c.sys, path, file);
    return file;
  } catch (error) {
    if (!(error instanceof NotWasm)) throw error;
    await c.warn(`${path}: file format not recognized`);
    return null;
  }
}

/** A name as it is typed: whole, or without the folders before it. */
const named = (name: string, wanted: string): boolean => name === wanted || bareName(name) === wanted;

function sections(file: WasmFile): string {
  const rows = file.sections.map((s, i) => {
    const bounds = `start=0x${hex(s.start, 8)} end=0x${hex(s.end, 8)} (size=0x${hex(s.end - s.start, 8)})`;
    return `${String(i).padStart(3)} ${(s.id === 0 ? "Custom" : s.name).padEnd(10)} ${bounds}${s.id === 0 ? ` "${s.name}"` : ""}\n`;
  });
  return `Sections:\n${rows.join("")}`;
}

async function dumpCode(c: Command, file: WasmFile, path: string): Promise<void> {
  const wanted = c.values("disassemble").filter((name) => name !== "");
  const chosen = file.functions.filter((f) => wanted.length === 0 || wanted.some((w) => named(f.name, w)));
  if (chosen.length === 0) return c.warn(`${path}: no symbol '${wanted.join(", ")}'`);
  await c.out("Code Disassembly:\n");
  for (const f of chosen) {
    try {
      await c.out(`\n${disassemble(file, f)}`);
    } catch (error) {
      if (!(error instanceof NotWasm)) throw error;
      await c.warn(`${path}: ${f.name}: an instruction this objdump does not know`);
    }
  }
}

const objdump = utility(
  "objdump",
  {
    help: `Usage: objdump <option(s)> <file(s)>
Display information from Wasm object <file(s)>: the kernel, modules and patches.

  -d, --disassemble[=<sym>]  display the instructions of all functions, or of <sym>
  -h, --section-headers      display the contents of the section headers
  -t, --syms                 display the contents of the symbol table
  -s, --full-contents        display the full contents of all sections`,
    options: "d ,disassemble? h,section-headers ,headers t,syms s,full-contents j:,section x,all-headers",
  },
  async (c) => {
    const asked = ["d", "disassemble", "h", "headers", "t", "s", "x"].some((o) => c.has(o));
    if (!asked) {
      await c.errText(`${c.info.help}\n`);
      throw new Leave(2);
    }
    if (c.operands.length === 0) c.operands.push("a.out");
    for (const path of c.operands) {
      const file = await load(c, path);
      if (!file) continue;
      await c.out(`\n${path}:     file format wasm 0x1\n\n`);
      if (c.has("h") || c.has("headers") || c.has("x")) await c.out(`${sections(file)}\n`);
      if (c.has("t") || c.has("x")) await c.out(`SYMBOL TABLE:\n${symbols(file).map(symbolLine).join("")}\n`);
      if (c.has("s")) await c.out(contents(file, c.values("j")));
      if (c.has("d") || c.has("disassemble")) await dumpCode(c, file, path);
    }
  },
);

/** Sections as GNU objdump -s shows them. */
function contents(file: WasmFile, only: string[]): string {
  const chosen = file.sections.filter((s) => only.length === 0 || only.includes(s.name));
  return chosen.map((s) => `Contents of section ${s.name}:\n${rows(file.bytes, s.start, s.end)}`).join("");
}

function rows(bytes: Uint8Array, start: number, end: number): string {
  let out = "";
  for (let at = start; at < end; at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, end));
    const text = Array.from(row, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".")).join("");
    const words = (
      Array.from(row, (b) => hex(b, 2))
        .join("")
        .match(/.{1,8}/g) ?? []
    ).join(" ");
    out += ` ${hex(at, 4)} ${words.padEnd(35)}  ${text}\n`;
  }
  return out;
}

const address = (s: WasmSymbol): string => (s.value === null ? " ".repeat(8) : hex(s.value, 8));

const symbolLine = (s: WasmSymbol): string =>
  `${s.value === null ? "00000000" : hex(s.value, 8)} ${s.letter === s.letter.toUpperCase() ? "g" : "l"} ${/t/i.test(s.letter) ? "F CODE" : s.letter === "U" ? "  *UND*" : "O DATA"} ${hex(s.size, 8)} ${s.name}\n`;

const nm = utility(
  "nm",
  {
    help: `Usage: nm [option(s)] [file(s)]
List symbols in [file(s)] (a.out by default): Wasm objects such as vmlinux and *.ko.

  -g, --extern-only     display only external symbols
  -u, --undefined-only  display only undefined symbols
  -U, --defined-only    display only defined symbols
  -n, --numeric-sort    sort symbols numerically by address
  -p, --no-sort         do not sort the symbols
  -r, --reverse-sort    reverse the order of the sort
  -S, --print-size      print size of defined symbols
  -j, --just-symbols    print just the names
  -A, --print-file-name  print name of the input file before every symbol`,
    options:
      "g,extern-only u,undefined-only U,defined-only n,numeric-sort v p,no-sort r,reverse-sort S,print-size j,just-symbols A,print-file-name o a,debug-syms",
  },
  async (c) => {
    const paths = c.operands.length > 0 ? c.operands : ["a.out"];
    for (const path of paths) {
      const file = await load(c, path);
      if (!file) continue;
      const list = ordered(
        c,
        symbols(file).filter((s) => selected(c, s)),
      );
      if (list.length === 0) await c.warn(`${path}: no symbols`, 0);
      if (paths.length > 1 && !c.has("A") && !c.has("o")) await c.out(`\n${path}:\n`);
      const prefix = c.has("A") || c.has("o") ? `${path}:` : "";
      for (const s of list) await c.out(prefix + nmLine(c, s));
    }
  },
);

function selected(c: Command, s: WasmSymbol): boolean {
  if (c.has("u")) return s.letter === "U";
  if (c.has("U") && s.letter === "U") return false;
  return !c.has("g") || s.letter === s.letter.toUpperCase();
}

function ordered(c: Command, list: WasmSymbol[]): WasmSymbol[] {
  if (c.has("p")) return list;
  const byName = (a: WasmSymbol, b: WasmSymbol): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const byValue = (a: WasmSymbol, b: WasmSymbol): number => (a.value ?? -1) - (b.value ?? -1) || byName(a, b);
  list.sort(c.has("n") || c.has("v") ? byValue : byName);
  return c.has("r") ? list.reverse() : list;
}

function nmLine(c: Command, s: WasmSymbol): string {
  if (c.has("j")) return `${s.name}\n`;
  const size = c.has("S") && s.value !== null ? ` ${hex(s.size, 8)}` : "";
  return `${address(s)}${size} ${s.letter} ${s.name}\n`;
}

export const binaryTools: Record<string, Program> = { nm, objdump };
