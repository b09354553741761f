// memory.ts - awk's variables, arrays, record and fields.

import { floatText } from "../../printf.ts";
import { posixRegex } from "../../regex.ts";
import { AwkError, fromInput, numberText, type Table, toNumber, type Value } from "./values.ts";

/** A function's locals: a value, or a table once used as one. */
export type Local = { value: Value; table: Table | null };

/** What a running program knows: variables, tables, the record and its fields. */
export class Memory {
  readonly vars = new Map<string, Value>();
  readonly tables = new Map<string, Table>();
  protected frames: Map<string, Local>[] = [];
  private fields: Value[] = [];
  private record: Value = "";
  /** NF is stale: the record must be split first. */
  private unsplit = false;
  /** $0 is stale: a field was changed. */
  private unjoined = false;
  private regexes = new Map<string, RegExp>();

  // ---- values

  text(v: Value): string {
    if (typeof v === "string") return v;
    if (v === undefined) return "";
    if (typeof v === "number") return numberText(v, (n) => this.format(n, "CONVFMT"));
    return v.s;
  }

  protected outputText(v: Value): string {
    return typeof v === "number" ? numberText(v, (n) => this.format(n, "OFMT")) : this.text(v);
  }

  private format(n: number, name: string): string {
    const m = /^%([-+ #0]*)(\d*)(?:\.(\d+))?([efgEFG])$/.exec(this.text(this.vars.get(name)));
    return m ? floatText(n, m[4]!, m[1]!, Number(m[2]), m[3] === undefined ? 6 : Number(m[3])) : String(n);
  }

  regex(source: string, flags = ""): RegExp {
    const key = flags + source;
    let re = this.regexes.get(key);
    if (!re) {
      try {
        re = posixRegex(source, { extended: true, flags });
      } catch {
        throw new AwkError(`regular expression compile failed: ${source}`);
      }
      this.regexes.set(key, re);
    }
    re.lastIndex = 0;
    return re;
  }

  // ---- variables and fields

  get(name: string): Value {
    const local = this.frames.at(-1)?.get(name);
    if (local) return local.value;
    if (name === "NF") this.split();
    return this.vars.get(name);
  }

  set(name: string, v: Value): void {
    const local = this.frames.at(-1)?.get(name);
    if (local) {
      local.value = v;
      return;
    }
    this.vars.set(name, v);
    if (name === "NF") {
      this.split();
      this.fields.length = Math.max(0, toNumber(v));
      for (let i = 0; i < this.fields.length; i++) this.fields[i] ??= "";
      this.unjoined = true;
    }
  }

  table(name: string): Table {
    const local = this.frames.at(-1)?.get(name);
    if (local) return (local.table ??= new Map());
    let t = this.tables.get(name);
    if (!t) this.tables.set(name, (t = new Map()));
    return t;
  }

  setRecord(s: string): void {
    this.record = fromInput(s);
    this.unsplit = true;
    this.unjoined = false;
  }

  private split(): void {
    if (!this.unsplit) return;
    this.unsplit = false;
    this.fields = this.splitText(this.text(this.record), this.text(this.vars.get("FS"))).map(fromInput);
    this.vars.set("NF", this.fields.length);
  }

  splitText(s: string, fs: string): string[] {
    if (fs === " ") return s.trim() === "" ? [] : s.replace(/^[ \t\n]+|[ \t\n]+$/g, "").split(/[ \t\n]+/);
    if (s === "") return [];
    if (fs === "") return [...s];
    if (fs === "\t" || (fs.length === 1 && !/[\\^$.*+?()[\]{}|]/.test(fs))) return s.split(fs);
    return s.split(
      new RegExp(
        this.regex(fs.length === 1 && fs !== "\\" ? `[${fs}]` : fs).source.replace(/\((?!\?)/g, "(?:"),
        "su",
      ),
    );
  }

  field(n: number): Value {
    if (n === 0) {
      if (this.unjoined) {
        this.record = fromInput(this.fields.map((f) => this.text(f)).join(this.text(this.vars.get("OFS"))));
        this.unjoined = false;
      }
      return this.record;
    }
    if (n < 0) throw new AwkError(`attempt to access field ${n}`);
    this.split();
    return this.fields[n - 1];
  }

  setField(n: number, v: Value): void {
    if (n === 0) return this.setRecord(this.text(v));
    this.split();
    while (this.fields.length < n) this.fields.push("");
    this.fields[n - 1] = v;
    this.vars.set("NF", this.fields.length);
    this.unjoined = true;
  }
}
