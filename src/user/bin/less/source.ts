// source.ts - the text a pager shows, read as far as somebody looked.

import { attempt } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { concat, decode, encode } from "../../text.ts";

const CHUNK = 65536;

export class Source {
  private readonly complete: string[] = [];
  /** The line that has no newline yet. */
  private rest: Uint8Array = new Uint8Array();
  /** Where each complete line begins, in bytes. */
  private readonly starts: number[] = [0];
  bytes = 0;
  /** Several blank lines are shown as one. */
  squeeze = false;
  /** Nothing more came at the last look; a file that grows may have more at the next. */
  ended = false;
  binary = false;
  /** Errno of a read that failed. */
  failed = 0;

  constructor(
    private readonly sys: SysCalls,
    readonly fd: number,
    readonly name: string,
    /** In bytes; 0 for what has no size: pipes, /proc. */
    readonly size: number,
  ) {}

  /** Reads once; false at the end. */
  async more(): Promise<boolean> {
    const r = await attempt(this.sys.read(this.fd, CHUNK));
    if (!r.ok && r.code === 4) return true;
    if (!r.ok) this.failed = r.code;
    this.ended = !r.ok || r.value.length === 0;
    if (!r.ok || r.value.length === 0) return false;
    if (this.bytes === 0 && r.value.subarray(0, 1024).includes(0)) this.binary = true;
    this.take(r.value);
    return true;
  }

  /** A text that is here already: all there is. */
  give(text: string): void {
    this.take(encode(text));
    this.ended = true;
  }

  private take(chunk: Uint8Array): void {
    const data = this.rest.length > 0 ? concat([this.rest, chunk]) : chunk;
    const base = this.bytes - this.rest.length;
    let from = 0;
    for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, from)) {
      const blank = at === from && this.complete.at(-1) === "";
      if (!this.squeeze || !blank) {
        this.complete.push(decode(data.subarray(from, at)));
        this.starts.push(base + at + 1);
      }
      from = at + 1;
    }
    this.rest = data.slice(from);
    this.bytes += chunk.length;
  }

  get count(): number {
    return this.complete.length + (this.rest.length > 0 ? 1 : 0);
  }

  /** Whether this line can still grow. */
  isOpen(line: number): boolean {
    return line >= this.complete.length;
  }

  line(i: number): string {
    return this.complete[i] ?? decode(this.rest);
  }

  /** Bytes before the end of line `i`. */
  bytesThrough(i: number): number {
    return this.starts[i + 1] ?? this.bytes;
  }
}
