/**
 * The kernel's own symbol table, laid out as data the way Linux's link does.
 *
 * An array of entries of 24 bytes in link order, functions first:
 *
 *   0  name   address of the bare name, NUL-terminated
 *   4  file   address of the source path (`fs/proc/meminfo.ts`), likewise
 *   8  value  function: index of its site, 0 if notrace; data: its address
 *  12  body   function: index of its body (notrace: its only entry), its id; 0 if data
 *  16  size   bytes of the Wasm body, or of the datum
 *  20  type   nm's letter: T t functions, D d B b data; upper case = exported
 */

import { bareName } from "./names";

export const KALLSYMS_ENTRY = 24;

export interface Symbol {
  name: string;
  file: string;
  value: number;
  body: number;
  size: number;
  type: string;
}

/** Bytes of the table and the strings behind it, before sizes are known. */
export function kallsymsSize(symbols: Symbol[]): number {
  return KALLSYMS_ENTRY * symbols.length + strings(symbols).bytes.length;
}

export function writeKallsyms(symbols: Symbol[], address: number): Uint8Array {
  const { bytes, at } = strings(symbols);
  const table = KALLSYMS_ENTRY * symbols.length;
  const out = new Uint8Array(table + bytes.length);
  out.set(bytes, table);
  const view = new DataView(out.buffer);
  symbols.forEach((s, i) => {
    const words = [
      address + table + at.get(bareName(s.name))!,
      address + table + at.get(s.file)!,
      s.value,
      s.body,
      s.size,
      s.type.charCodeAt(0),
    ];
    words.forEach((word, n) => view.setUint32(i * KALLSYMS_ENTRY + 4 * n, word, true));
  });
  return out;
}

/** Every string once, NUL-terminated, with its offset. */
function strings(symbols: Symbol[]): {
  bytes: Uint8Array;
  at: Map<string, number>;
} {
  const at = new Map<string, number>();
  let text = "";
  for (const s of symbols.flatMap((s) => [bareName(s.name), s.file])) {
    if (at.has(s)) continue;
    at.set(s, text.length);
    text += `${s}\0`;
  }
  return { bytes: new TextEncoder().encode(text), at };
}
