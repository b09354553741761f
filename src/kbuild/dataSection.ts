/** Wasm data sections; zeros are left out, memory starts out as zero. */

import { concat, leb, sleb } from "./wasmSections";

const I32_CONST = 0x41;
const GLOBAL_GET = 0x23;
const END = 0x0b;

/** Shorter gaps of zeros cost less inside a segment than between two. */
const MIN_GAP = 16;

interface Run {
  from: number;
  to: number;
}

/** Segments at constant addresses, one for each stretch that is not zero. */
export function dataAtAddress(image: Uint8Array, start: number): Uint8Array {
  const runs = nonZeroRuns(image);
  const parts = runs.flatMap(({ from, to }) => [
    new Uint8Array([0, I32_CONST, ...sleb(start + from), END, ...leb(to - from)]),
    image.subarray(from, to),
  ]);
  return concat([new Uint8Array(leb(runs.length)), ...parts]);
}

/** One segment at the value of an imported global, by its index. */
export function dataAtGlobal(image: Uint8Array, global: number): Uint8Array {
  const to = nonZeroRuns(image).at(-1)?.to ?? 0;
  const offset = [0, GLOBAL_GET, ...leb(global), END, ...leb(to)];
  return concat([new Uint8Array([1, ...offset]), image.subarray(0, to)]);
}

function nonZeroRuns(image: Uint8Array): Run[] {
  const runs: Run[] = [];
  let at = 0;
  while (at < image.length) {
    if (image[at] === 0) {
      at++;
      continue;
    }
    const to = endOfRun(image, at);
    runs.push({ from: at, to });
    at = to;
  }
  return runs;
}

function endOfRun(image: Uint8Array, from: number): number {
  let to = from;
  for (let at = from; at < image.length && at - to < MIN_GAP; at++) {
    if (image[at] !== 0) to = at + 1;
  }
  return to;
}
