/** The functions whose address something in a kernel image holds. */

import { Cursor, readSections } from "../kbuild/wasmSections.ts";

const DATA = 11;
/** Bytes of a function object: table entry and environment, which is always 0. */
const OBJECT_SIZE = 8;

/** Their table entries, out of asc's function objects; numbers that only look like one are no harm. */
export function pointersIn(image: Uint8Array): Set<number> {
  const found = new Set<number>();
  const data = new Cursor(readSections(image).find(({ id }) => id === DATA)!.bytes);
  for (let n = data.u32(); n > 0; n--) {
    data.at += 2;
    const address = data.u32();
    data.at++;
    findObjects(data.take(data.u32()), -address & 3, found);
  }
  return found;
}

/** An object is behind its size; what follows it may be left out where it is zero. */
function findObjects(bytes: Uint8Array, first: number, found: Set<number>): void {
  const word = (at: number) =>
    bytes[at]! | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  for (let at = first; at + 4 < bytes.length; at += 4) {
    if (word(at) !== OBJECT_SIZE) continue;
    if (at + 8 >= bytes.length || word(at + 8) === 0) found.add(word(at + 4));
  }
}
