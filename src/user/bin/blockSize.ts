// blockSize.ts - in which units du and df count.

import type { Command } from "./command.ts";
import { humanSize } from "./fileWords.ts";

/** For a program's list of options; -h and -H are its own. */
export const BLOCK_OPTIONS = "B:,block-size k m ,si";

export interface Units {
  /** A size in bytes, as it is shown. */
  show: (bytes: number) => string;
  /** Bytes of a block, and what one is called: `1K`; null for sizes with letters of their own. */
  block: { size: number; name: string } | null;
}

const LETTERS = "KMGTPE";

/** `1M`, `10K`, `kB`, `4096`; null when it is none. A unit without a number is shown behind each size. */
function parse(text: string): { size: number; letter: string } | null {
  const m = /^(\d*)(?:([KkMGTPE])(B|iB)?)?$/.exec(text);
  if (!m || (m[1] === "" && m[2] === undefined)) return null;
  const power = m[2] === undefined ? 0 : LETTERS.indexOf(m[2].toUpperCase()) + 1;
  const size = Number(m[1] || 1) * (m[3] === "B" ? 1000 : 1024) ** power;
  if (size === 0) return null;
  return { size, letter: m[1] === "" ? `${m[2]}${m[3] === "B" ? "B" : ""}` : "" };
}

/** `1K`, `10M`, `1kB`, `512B`. */
function nameOf(size: number): string {
  const base = size % 1024 !== 0 && size % 1000 === 0 ? 1000 : 1024;
  let [n, power] = [size, 0];
  while (n % base === 0 && power < LETTERS.length) [n, power] = [n / base, power + 1];
  const letter = power === 0 ? "" : LETTERS[power - 1]!;
  return base === 1000 ? `${n}${letter.replace("K", "k")}B` : `${n}${letter || "B"}`;
}

const inBlocks = (size: number, letter = ""): Units => ({
  show: (bytes) => `${Math.ceil(bytes / size)}${letter}`,
  block: { size, name: letter === "" ? nameOf(size) : `1${letter}` },
});

/** The last of the options that say it. */
export async function unitsOf(c: Command, usual: string): Promise<Units> {
  const said = ["h", "human-readable", "si", "H", "k", "m", "b", "bytes", "B", "block-size"];
  const last = c.sequence.findLast(({ name }) => said.includes(name));
  switch (last?.name) {
    case "h":
    case "human-readable":
      return { show: (bytes) => humanSize(bytes), block: null };
    case "H":
    case "si":
      return { show: (bytes) => humanSize(bytes, 1000).replace("K", "k"), block: null };
    case "k":
      return inBlocks(1024);
    case "m":
      return inBlocks(1 << 20);
    case "b":
    case "bytes":
      return inBlocks(1);
    case "B":
    case "block-size": {
      const parsed = parse(last.value);
      return parsed ? inBlocks(parsed.size, parsed.letter) : c.die(`invalid -B argument '${last.value}'`);
    }
    default:
      return inBlocks(parse(usual)!.size);
  }
}
