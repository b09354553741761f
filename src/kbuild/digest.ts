/**
 * 64-bit content hashes: two 32-bit lanes of multiply-and-mix, fast in plain
 * JavaScript. Names things by content; not a defence against an attacker.
 */

const PRIME1 = 0x9e3779b1;
const PRIME2 = 0x85ebca77;

class Lanes {
  private a = 0x243f6a88;
  private b = 0x85a308d3;

  mix(v: number): void {
    this.a = Math.imul(this.a ^ v, PRIME1);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b + v, PRIME2) ^ (this.b >>> 13);
  }

  hex(): string {
    let a = Math.imul(this.a ^ (this.b >>> 16), PRIME2);
    let b = Math.imul(this.b ^ (this.a >>> 16), PRIME1);
    a ^= a >>> 13;
    b ^= b >>> 16;
    const word = (v: number) => (v >>> 0).toString(16).padStart(8, "0");
    return word(a) + word(b);
  }
}

export function digestText(text: string): string {
  const lanes = new Lanes();
  for (let i = 0; i < text.length; i++) lanes.mix(text.charCodeAt(i));
  return lanes.hex();
}

export function digestBytes(bytes: Uint8Array): string {
  const lanes = new Lanes();
  lanes.mix(bytes.length);
  for (let i = 0; i < bytes.length; i++) lanes.mix(bytes[i]!);
  return lanes.hex();
}
