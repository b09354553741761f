/**
 * The kernel's own symbol table, laid out as data the way Linux's link does.
 *
 * An array of entries of 24 bytes, functions in the order of their slots first, behind it the bare names, NUL-terminated,
 * one for each entry and in the same order, behind them the source paths. What follows from the entries before is left
 * out, which makes the compressed image a tenth smaller; kallsyms_init() fills it in:
 *
 *   0  name   0; filled in: address of the bare name
 *   4  file   address of the source path (`fs/proc/meminfo.ts`), 0 if as the entry before; filled in
 *   8  value  function: 1 if traced, 0 if notrace; filled in: index of its site, 0 if notrace. Data: its address
 *  12  body   0; filled in: function: index of its body (notrace: its only entry), its id; 0 if data
 *  16  size   bytes of the Wasm body, or of the datum
 *  20  type   nm's letter: T t functions, D d B b data; upper case = exported
 */

import { bareName } from "./names";

const ENTRY = 24;

export interface Symbol {
  name: string;
  file: string;
  value: number;
  size: number;
  type: string;
}

/** Bytes of the table and the strings behind it, before sizes are known. */
export function kallsymsSize(symbols: Symbol[]): number {
  return ENTRY * symbols.length + strings(symbols).bytes.length;
}

export function writeKallsyms(symbols: Symbol[], address: number): Uint8Array {
  const { bytes, files } = strings(symbols);
  const table = ENTRY * symbols.length;
  const out = new Uint8Array(table + bytes.length);
  out.set(bytes, table);
  const view = new DataView(out.buffer);
  symbols.forEach(({ file, value, size, type }, i) => {
    const follows = file === symbols[i - 1]?.file;
    const words = [0, follows ? 0 : address + table + files.get(file)!, value, 0, size, type.charCodeAt(0)];
    words.forEach((word, n) => view.setUint32(i * ENTRY + 4 * n, word, true));
  });
  return out;
}

/** Every symbol's name, then every path once, with the paths' offsets. */
function strings(symbols: Symbol[]): { bytes: Uint8Array; files: Map<string, number> } {
  let text = symbols.map((s) => `${bareName(s.name)}\0`).join("");
  const files = new Map<string, number>();
  for (const { file } of symbols) {
    if (files.has(file)) continue;
    files.set(file, text.length);
    text += `${file}\0`;
  }
  return { bytes: new TextEncoder().encode(text), files };
}
