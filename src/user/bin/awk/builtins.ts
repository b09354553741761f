// builtins.ts - awk's own functions.

import { formatDate } from "../../strftime.ts";
import { floatText } from "../../printf.ts";
import type { Expr } from "./ast.ts";
import type { Awk } from "./runtime.ts";
import { AwkError, fromInput, toNumber, type Value } from "./values.ts";

export async function callBuiltin(awk: Awk, name: string, args: Expr[]): Promise<Value> {
  switch (name) {
    case "sub":
    case "gsub":
      return substitute(awk, name === "gsub", args);
    case "gensub":
      return gensub(awk, args);
    case "split":
      return split(awk, args);
    case "match":
      return match(awk, args);
    case "length":
      if (args[0]?.t === "var" && (awk.tables.has(args[0].name) || awk.get(args[0].name) === undefined)) {
        const t = awk.table(args[0].name);
        if (t.size > 0 || awk.get(args[0].name) === undefined) return t.size;
      }
      return [...awk.text(args[0] ? await awk.eval(args[0]) : awk.field(0))].length;
  }
  const values: Value[] = [];
  for (const a of args) values.push(await awk.eval(a));
  return simple(awk, name, values);
}

async function simple(awk: Awk, name: string, v: Value[]): Promise<Value> {
  const s = (i: number): string => awk.text(v[i]);
  const n = (i: number): number => toNumber(v[i]);
  switch (name) {
    case "substr":
      return substr(s(0), n(1), v.length > 2 ? n(2) : Infinity);
    case "index":
      return [...s(0).slice(0, Math.max(0, s(0).indexOf(s(1))))].length + (s(0).includes(s(1)) ? 1 : 0);
    case "toupper":
      return s(0).toUpperCase();
    case "tolower":
      return s(0).toLowerCase();
    case "sprintf":
      return sprintf(awk, v);
    case "int":
      return Math.trunc(n(0));
    case "sin":
      return Math.sin(n(0));
    case "cos":
      return Math.cos(n(0));
    case "atan2":
      return Math.atan2(n(0), n(1));
    case "exp":
      return Math.exp(n(0));
    case "log":
      return Math.log(n(0));
    case "sqrt":
      return Math.sqrt(n(0));
    case "rand":
      awk.seed = (Math.imul(awk.seed, 1103515245) + 12345) & 0x7fffffff;
      return (awk.seed >>> 8) / 8388608;
    case "srand": {
      const old = awk.seed;
      awk.seed = v.length > 0 ? n(0) | 0 : Math.floor((await awk.c.sys.clockGettime(0)) / 1e9) | 0;
      return old;
    }
    case "system":
      return awk.streams.system(s(0));
    case "close":
      return awk.streams.close(s(0));
    case "fflush":
      await awk.streams.flush();
      return 0;
    case "systime":
      return Math.floor((await awk.c.sys.clockGettime(0)) / 1e9);
    case "strftime":
      return formatDate(
        v.length > 0 ? s(0) : "%c",
        v.length > 1 ? n(1) : (await awk.c.sys.clockGettime(0)) / 1e9,
        0,
      );
    default:
      throw new AwkError(`function ${name} not defined`);
  }
}

/** Positions are rounded; what lies outside the string is nothing. */
function substr(s: string, from: number, count: number): string {
  const chars = [...s];
  const start = Math.round(from);
  const end = count === Infinity ? Infinity : start + Math.round(count);
  return chars.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join("");
}

/** & is the match, \\& an ampersand. */
function replacement(text: string, m: string): string {
  return text.replace(/\\\\&|\\&|&/g, (x) => (x === "&" ? m : x === "\\&" ? "&" : `\\${m}`));
}

async function substitute(awk: Awk, global: boolean, args: Expr[]): Promise<Value> {
  const re = await awk.pattern(args[0]!, "g");
  const by = awk.text(await awk.eval(args[1]!));
  const target: Expr = args[2] ?? { t: "field", e: { t: "num", v: 0 } };
  const old = awk.text(await awk.eval(target));
  let count = 0;
  re.lastIndex = 0;
  const text = old.replace(re, (m) => {
    if (!global && count > 0) return m;
    count++;
    return replacement(by, m);
  });
  if (count > 0) await awk.assign(target, text);
  return count;
}

async function gensub(awk: Awk, args: Expr[]): Promise<Value> {
  const re = await awk.pattern(args[0]!, "g");
  const by = awk.text(await awk.eval(args[1]!));
  const how = awk.text(await awk.eval(args[2]!));
  const old = awk.text(args[3] ? await awk.eval(args[3]) : awk.field(0));
  let n = 0;
  re.lastIndex = 0;
  return old.replace(re, (...m: unknown[]) => {
    n++;
    if (!/^[gG]/.test(how) && n !== Number(how)) return m[0] as string;
    return by.replace(/\\(\d)|\\&|&/g, (x, d?: string) =>
      d !== undefined ? ((m[Number(d)] as string) ?? "") : x === "&" ? (m[0] as string) : "&",
    );
  });
}

async function split(awk: Awk, args: Expr[]): Promise<Value> {
  const s = awk.text(await awk.eval(args[0]!));
  const array = args[1];
  if (array?.t !== "var") throw new AwkError("split: second argument must be an array");
  const by = args[2];
  const parts =
    by?.t === "regex"
      ? s === ""
        ? []
        : s.split(new RegExp(awk.regex(by.re).source.replace(/\((?!\?)/g, "(?:"), "su"))
      : awk.splitText(s, by ? awk.text(await awk.eval(by)) : awk.text(awk.vars.get("FS")));
  const table = awk.table(array.name);
  table.clear();
  parts.forEach((p, i) => table.set(String(i + 1), fromInput(p)));
  return parts.length;
}

async function match(awk: Awk, args: Expr[]): Promise<Value> {
  const s = awk.text(await awk.eval(args[0]!));
  const m = (await awk.pattern(args[1]!)).exec(s);
  const start = m ? [...s.slice(0, m.index)].length + 1 : 0;
  awk.vars.set("RSTART", start);
  awk.vars.set("RLENGTH", m ? [...m[0]].length : -1);
  if (args[2]?.t === "var") {
    const table = awk.table(args[2].name);
    table.clear();
    m?.forEach((g, i) => table.set(String(i), fromInput(g ?? "")));
  }
  return start;
}

function sprintf(awk: Awk, v: Value[]): string {
  let at = 1;
  const next = (): Value => {
    if (at >= v.length) throw new AwkError("not enough arguments passed to sprintf");
    return v[at++];
  };
  return awk
    .text(v[0])
    .replace(
      /%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[hlLqjzt]*([a-zA-Z%])/g,
      (whole, flags: string, w: string, p: string | undefined, c: string) => {
        if (c === "%") return "%";
        let width = w === "*" ? toNumber(next()) : Number(w);
        if (width < 0) {
          flags += "-";
          width = -width;
        }
        const precision = p === undefined ? undefined : p === "*" ? toNumber(next()) : Number(p);
        return pad(convert(awk, c, next(), flags, width, precision, whole), width, flags);
      },
    );
}

function convert(
  awk: Awk,
  c: string,
  v: Value,
  flags: string,
  width: number,
  precision: number | undefined,
  whole: string,
): string {
  if (c === "s") return [...awk.text(v)].slice(0, precision ?? Infinity).join("");
  if (c === "c")
    return typeof v === "number" ? String.fromCodePoint(v & 0x1fffff) : ([...awk.text(v)][0] ?? "");
  if ("efgEFG".includes(c)) return floatText(toNumber(v), c, flags, width, precision ?? 6);
  if (!"diouxX".includes(c)) return whole;
  const n = Math.trunc(toNumber(v));
  if (!Number.isFinite(n)) return Number.isNaN(n) ? "nan" : n > 0 ? "inf" : "-inf";
  const base = c === "o" ? 8 : c === "x" || c === "X" ? 16 : 10;
  let digits = BigInt(Math.abs(n))
    .toString(base)
    .padStart(precision ?? 0, "0");
  if (c === "X") digits = digits.toUpperCase();
  const sign = n < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const prefix = sign + (flags.includes("#") && base !== 10 ? (base === 8 ? "0" : `0${c}`) : "");
  const zeros = flags.includes("0") && !flags.includes("-") && precision === undefined;
  return prefix + (zeros ? digits.padStart(width - prefix.length, "0") : digits);
}

function pad(s: string, width: number, flags: string): string {
  const missing = width - [...s].length;
  if (missing <= 0) return s;
  return flags.includes("-") ? s + " ".repeat(missing) : " ".repeat(missing) + s;
}
