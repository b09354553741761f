// symbols.ts - the symbols of a Wasm binary with nm's letters.
//
// A module brings a symbol table as Linux's do (.symtab, src/kbuild/kallsyms.ts);
// the kernel keeps its own as data, so its functions come from the name section.

import { bareName, sectionCursor, type WasmFile } from "./wasmFile.ts";

export interface WasmSymbol {
  name: string;
  /** T t functions, D d B b data, U undefined; upper case = others see it. */
  letter: string;
  /** A function's offset in the file, a datum's in the module's memory; null when undefined. */
  value: number | null;
  size: number;
}

/** Words of an entry of .symtab: name and source path as offsets, value, body, size, letter. */
const WORDS = 6;

function moduleTable(file: WasmFile): WasmSymbol[] | null {
  const section = file.sections.find((s) => s.id === 0 && s.name === ".symtab");
  if (!section) return null;
  const c = sectionCursor(file.bytes, section);
  const word = (): number => c.take(4).reduceRight((n, b) => n * 256 + b, 0);
  // Behind the number of all symbols that of the functions among them.
  const [count] = [word(), word()];
  const starts = new Map(file.functions.map((f) => [bareName(f.name), f.start]));
  return Array.from({ length: count }, () => {
    const [at, , value, , size, letter] = Array.from({ length: WORDS }, word) as number[];
    const name = text(file, section.body + at!);
    const kind = String.fromCharCode(letter!);
    return { name, letter: kind, value: /t/i.test(kind) ? (starts.get(name) ?? 0) : value!, size: size! };
  });
}

function text(file: WasmFile, at: number): string {
  const end = file.bytes.indexOf(0, at);
  return new TextDecoder().decode(file.bytes.subarray(at, end < 0 ? undefined : end));
}

function functionSymbols(file: WasmFile): WasmSymbol[] {
  const exported = new Set([...file.exports.values()].filter((e) => e.kind === 0).map((e) => e.index));
  return file.functions.map((f) => ({
    name: bareName(f.name),
    letter: exported.has(f.index) ? "T" : "t",
    value: f.start,
    size: f.end - f.start,
  }));
}

export function symbols(file: WasmFile): WasmSymbol[] {
  const missing = file.imports
    .filter((i) => i.module !== "env")
    .map((i): WasmSymbol => ({ name: bareName(i.name), letter: "U", value: null, size: 0 }));
  return [...(moduleTable(file) ?? functionSymbols(file)), ...missing];
}
