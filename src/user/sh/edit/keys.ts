// keys.ts - bytes of a terminal to keys.

import { attempt } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { concat, decode } from "../../text.ts";

/** A key by readline's names (`C-a`, `M-f`, `up`), typed text, or a paste. */
export type Key =
  | { kind: "text"; text: string }
  | { kind: "paste"; text: string }
  | { kind: "key"; name: string }
  /** End of input, or the read was cut by a signal. */
  | { kind: "end" }
  | { kind: "signal" };

const ESCAPES: Record<string, string> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[2~": "insert",
  "[3~": "delete",
  "[4~": "end",
  "[5~": "page-up",
  "[6~": "page-down",
  "[7~": "home",
  "[8~": "end",
  OP: "f1",
  OQ: "f2",
  OR: "f3",
  "[11~": "f1",
  "[12~": "f2",
  "[13~": "f3",
  "[1;5C": "C-right",
  "[1;5D": "C-left",
  "[1;3C": "C-right",
  "[1;3D": "C-left",
  "[3;5~": "M-d",
  "[Z": "S-tab",
};

/** How long a lone Escape waits for the rest of a sequence, in ms. */
const ESCAPE_MS = 50;

export class Keys {
  private pending = "";
  private rest: Uint8Array = new Uint8Array();

  /** `wait` is called before each blocking read; it returns "signal" to give up. */
  constructor(
    private readonly sys: SysCalls,
    private readonly wait: () => Promise<"ready" | "signal">,
    private readonly fd = 0,
  ) {}

  /** Whether a key was read already. */
  get waiting(): boolean {
    return this.pending !== "";
  }

  /** More typed text; false at the end or on a signal. */
  private async fill(): Promise<"ok" | "end" | "signal"> {
    if ((await this.wait()) === "signal") return "signal";
    const r = await attempt(this.sys.read(this.fd, 4096));
    if (!r.ok) return r.code === 4 ? "signal" : "end";
    if (r.value.length === 0) return "end";
    const bytes = concat([this.rest, r.value]);
    const whole = completeLength(bytes);
    this.rest = bytes.slice(whole);
    this.pending += decode(bytes.subarray(0, whole));
    return "ok";
  }

  private async more(): Promise<boolean> {
    if (this.pending !== "") return true;
    const ready = await attempt(this.sys.poll([{ fd: this.fd, events: 1, revents: 0 }], ESCAPE_MS));
    return ready.ok && ready.value > 0 && (await this.fill()) === "ok";
  }

  async next(): Promise<Key> {
    while (this.pending === "") {
      const r = await this.fill();
      if (r !== "ok") return { kind: r };
    }
    const c = this.pending[0]!;
    if (c === "\x1b") return this.escape();
    if (c < " " || c === "\x7f") {
      this.pending = this.pending.slice(1);
      return { kind: "key", name: controlName(c) };
    }
    const run = /^[^\x00-\x1f\x7f]+/.exec(this.pending)![0];
    this.pending = this.pending.slice(run.length);
    return { kind: "text", text: run };
  }

  /** The next character as it is (C-v). */
  async literal(): Promise<string> {
    while (this.pending === "") if ((await this.fill()) !== "ok") return "";
    const c = [...this.pending][0]!;
    this.pending = this.pending.slice(c.length);
    return c;
  }

  private async escape(): Promise<Key> {
    this.pending = this.pending.slice(1);
    if (!(await this.more())) return { kind: "key", name: "escape" };
    const first = this.pending[0]!;
    if (first !== "[" && first !== "O") {
      this.pending = this.pending.slice(first.length);
      return { kind: "key", name: `M-${first < " " || first === "\x7f" ? controlName(first) : first}` };
    }
    for (;;) {
      const m = /^(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z])/.exec(this.pending);
      if (m) {
        this.pending = this.pending.slice(m[0].length);
        if (m[0] === "[200~") return this.paste();
        return { kind: "key", name: ESCAPES[m[0]] ?? "unknown" };
      }
      if (!/^(?:\[[0-?]*[ -/]*|O)$/.test(this.pending)) break;
      const before = this.pending;
      const ready = await attempt(this.sys.poll([{ fd: this.fd, events: 1, revents: 0 }], ESCAPE_MS));
      if (!ready.ok || ready.value === 0 || (await this.fill()) !== "ok" || this.pending === before) break;
    }
    const name = `M-${first}`;
    this.pending = this.pending.slice(1);
    return { kind: "key", name };
  }

  /** Bracketed paste: everything up to its end mark is text. */
  private async paste(): Promise<Key> {
    for (;;) {
      const end = this.pending.indexOf("\x1b[201~");
      if (end >= 0) {
        const text = this.pending.slice(0, end).replace(/\r\n?/g, "\n");
        this.pending = this.pending.slice(end + 6);
        return { kind: "paste", text };
      }
      if ((await this.fill()) !== "ok") return { kind: "end" };
    }
  }
}

/** Bytes that form whole UTF-8 characters: the last one may still be on its way. */
function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const b = bytes[bytes.length - back]!;
    if ((b & 0xc0) === 0x80) continue;
    const need = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
    return need > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function controlName(c: string): string {
  const code = c.charCodeAt(0);
  if (code === 13 || code === 10) return "enter";
  if (code === 9) return "tab";
  if (code === 127 || code === 8) return "backspace";
  if (code === 27) return "escape";
  return `C-${String.fromCharCode(code + 64).toLowerCase()}`;
}
