// streams.ts - awk's files and commands: getline, print > file, print | command.

import { attempt, strerror } from "../../errno.ts";
import { decode, encode } from "../../text.ts";
import { exitCode } from "../../waitStatus.ts";
import { type Command, writeFully } from "../command.ts";

interface Reader {
  fd: number;
  rest: string;
  end: boolean;
  pid: number;
}

interface Writer {
  fd: number;
  pid: number;
  pending: string;
}

export class Streams {
  private readonly readers = new Map<string, Reader>();
  private readonly writers = new Map<string, Writer>();

  constructor(private readonly c: Command) {}

  /** Opens a file, or a command whose output is read; null when it cannot. */
  async reader(name: string, command: boolean): Promise<Reader | null> {
    const known = this.readers.get(name);
    if (known) return known;
    const r = command ? await this.fromCommand(name) : await this.fromFile(name);
    if (r) this.readers.set(name, r);
    return r;
  }

  async fromFile(path: string): Promise<Reader | null> {
    if (path === "-" || path === "/dev/stdin") return { fd: 0, rest: "", end: false, pid: 0 };
    const fd = await attempt(this.c.sys.open(path, 0));
    return fd.ok ? { fd: fd.value, rest: "", end: false, pid: 0 } : null;
  }

  private async fromCommand(command: string): Promise<Reader> {
    await this.flush();
    const [r, w] = await this.c.sys.pipe2(0o2000000);
    const pid = await this.shell(command, w, 1);
    await this.c.sys.close(w);
    return { fd: r, rest: "", end: false, pid };
  }

  private shell(command: string, fd: number, as: 0 | 1): Promise<number> {
    return this.c.sys.fork(async (sys) => {
      await sys.dup2(fd, as);
      const r = await attempt<never>(sys.execve("/bin/sh", ["sh", "-c", command], this.c.env));
      return r.ok ? 0 : 127;
    });
  }

  /** The next record; null at the end. `separator` is RS. */
  async record(r: Reader, separator: string): Promise<string | null> {
    for (;;) {
      const cut = cutRecord(r.rest, separator, r.end);
      if (cut) {
        r.rest = cut.rest;
        return cut.record;
      }
      if (r.end) return null;
      const chunk = await attempt(this.c.sys.read(r.fd, 65536));
      if (!chunk.ok) return this.c.die(`read error (${strerror(chunk.code)})`, 2);
      if (chunk.value.length === 0) r.end = true;
      else r.rest += decode(chunk.value);
    }
  }

  async write(name: string, op: ">" | ">>" | "|", text: string): Promise<void> {
    if (name === "/dev/stdout" || (name === "-" && op !== "|")) return this.c.out(text);
    if (name === "/dev/stderr") return this.c.errText(text);
    const w = this.writers.get(name) ?? (await this.open(name, op));
    w.pending += text;
    if (w.pending.length > 32768) await this.drain(w);
  }

  private async open(name: string, op: ">" | ">>" | "|"): Promise<Writer> {
    let w: Writer;
    if (op === "|") {
      await this.flush();
      const [r, fd] = await this.c.sys.pipe2(0o2000000);
      const pid = await this.shell(name, r, 0);
      await this.c.sys.close(r);
      w = { fd, pid, pending: "" };
    } else {
      const fd = await attempt(this.c.sys.open(name, 0o101 | (op === ">" ? 0o1000 : 0o2000), 0o666));
      if (!fd.ok) return this.c.die(`cannot open "${name}" for output: ${strerror(fd.code)}`, 2);
      w = { fd: fd.value, pid: 0, pending: "" };
    }
    this.writers.set(name, w);
    return w;
  }

  private async drain(w: Writer): Promise<void> {
    const text = w.pending;
    w.pending = "";
    if (text !== "") await writeFully(this.c.sys, w.fd, encode(text));
  }

  async flush(): Promise<void> {
    await this.c.flush();
    for (const w of this.writers.values()) await this.drain(w);
  }

  /** close(): the status of a command, -1 when nothing of that name is open. */
  async close(name: string): Promise<number> {
    const w = this.writers.get(name);
    const r = this.readers.get(name);
    if (!w && !r) return -1;
    if (w) await this.drain(w);
    this.writers.delete(name);
    this.readers.delete(name);
    const s = (w ?? r)!;
    if (s.fd > 0) await this.c.sys.close(s.fd);
    return s.pid > 0 ? this.wait(s.pid) : 0;
  }

  private async wait(pid: number): Promise<number> {
    const r = await attempt(this.c.sys.wait4(pid, 0));
    return r.ok && r.value ? exitCode(r.value.status) : -1;
  }

  async closeAll(): Promise<void> {
    await this.c.flush();
    for (const name of [...this.writers.keys(), ...this.readers.keys()]) await this.close(name);
  }

  async system(command: string): Promise<number> {
    await this.flush();
    const pid = await this.c.sys.fork(async (sys) => {
      const r = await attempt<never>(sys.execve("/bin/sh", ["sh", "-c", command], this.c.env));
      return r.ok ? 0 : 127;
    });
    return this.wait(pid);
  }
}

export type { Reader };

/** Cuts the first record off `text`; null when more must be read first. */
function cutRecord(text: string, rs: string, end: boolean): { record: string; rest: string } | null {
  if (rs === "") return cutParagraph(text, end);
  if (rs.length === 1) {
    const at = text.indexOf(rs);
    if (at >= 0) return { record: text.slice(0, at), rest: text.slice(at + 1) };
  } else {
    const m = new RegExp(rs, "su").exec(text);
    // A match at the very end of what is known may go on.
    if (m && m[0] !== "" && (end || m.index + m[0].length < text.length)) {
      return { record: text.slice(0, m.index), rest: text.slice(m.index + m[0].length) };
    }
  }
  return end && text !== "" ? { record: text, rest: "" } : null;
}

/** RS="": records are paragraphs. */
function cutParagraph(text: string, end: boolean): { record: string; rest: string } | null {
  const body = text.replace(/^\n+/, "");
  const m = /\n\n+/.exec(body);
  if (m && (end || m.index + m[0].length < body.length)) {
    return { record: body.slice(0, m.index), rest: body.slice(m.index + m[0].length) };
  }
  if (!end || body === "") return null;
  return { record: body.replace(/\n$/, ""), rest: "" };
}
