import type { KernelInstance } from "./instance.ts";

/**
 * A 64-bit hash of everything that makes up the machine's state between two
 * system calls: memory, variables, and which function each table entry holds.
 */
export function stateHash(kernel: KernelInstance): string {
  const hash = new Mix();
  hash.words(new Uint32Array(kernel.memory.buffer));
  for (const [name, global] of kernel.globals) hash.value(name, global);
  for (const [name, global] of kernel.modules.globals()) hash.value(name, global);
  hash.words(kernel.swapped);
  return hash.digest();
}

/** A 64-bit hash of bytes: names a kernel image or a disk in the record of a run. */
export function hashBytes(bytes: Uint8Array): string {
  const hash = new Mix();
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  hash.word(bytes.length);
  hash.words(new Uint32Array(padded.buffer));
  return hash.digest();
}

const scratch = new DataView(new ArrayBuffer(8));

/** Two 32-bit FNV-1a like lanes over words; fast, not for adversaries. */
class Mix {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  word(w: number): void {
    this.#a = Math.imul(this.#a ^ w, 0x01000193);
    this.#b = Math.imul(this.#b ^ w, 0x85ebca6b) + 0x27d4eb2f;
  }

  /** Zero words only count by their number: most of memory is zero. */
  words(words: Uint32Array): void {
    let zeros = 0;
    for (let i = 0; i < words.length; i++) {
      const w = words[i]!;
      if (w === 0) {
        zeros++;
        continue;
      }
      if (zeros > 0) this.word(zeros);
      zeros = 0;
      this.word(w);
    }
    this.word(zeros);
  }

  value(name: string, global: WebAssembly.Global): void {
    for (let i = 0; i < name.length; i++) this.word(name.charCodeAt(i));
    const v = global.value as number | bigint;
    if (typeof v === "bigint") scratch.setBigInt64(0, v);
    else scratch.setFloat64(0, v);
    this.word(scratch.getInt32(0));
    this.word(scratch.getInt32(4));
  }

  digest(): string {
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
    return hex(this.#a) + hex(this.#b);
  }
}
