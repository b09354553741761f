// cat.ts - cat, tee, wc, tac and others that read files from end to end.

import { Mode, Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { SysError, type Program } from "../sys.ts";
import { decode, encode } from "../text.ts";
import { head, tail } from "./headTail.ts";
import { type Command, utility, writeFully } from "./command.ts";
import { nl } from "./nl.ts";

/** -n, -E, -T, -v as cat does them. */
function decorate(c: Command): ((line: string, newline: boolean) => string) | null {
  const all = c.has("A");
  const number = c.has("n") || c.has("b");
  const ends = c.has("E") || all || c.has("e");
  const tabs = c.has("T") || all || c.has("t");
  const visible = c.has("v") || all || c.has("e") || c.has("t");
  if (!number && !ends && !tabs && !c.has("s")) return visible ? (l, nl) => show(l) + (nl ? "\n" : "") : null;
  let count = 0;
  let blank = false;
  return (line, newline) => {
    if (c.has("s") && line === "" && blank) return "";
    blank = line === "";
    let text = visible ? show(line) : line;
    if (tabs) text = text.replaceAll("\t", "^I");
    const numbered = number && !(c.has("b") && line === "");
    return (
      (numbered ? `${String(++count).padStart(6)}\t` : "") + text + (newline ? (ends ? "$\n" : "\n") : "")
    );
  };
}

function show(s: string): string {
  const plain = (byte: number): string =>
    byte === 9
      ? "\t"
      : byte < 32 || byte === 127
        ? `^${String.fromCharCode(byte ^ 64)}`
        : String.fromCharCode(byte);
  // A byte above 127 is M- and the character 128 below it; there even a tab is shown.
  const high = (byte: number): string => `M-${byte === 137 ? "^I" : byte === 138 ? "^J" : plain(byte & 127)}`;
  if (/^[\t\x20-\x7e]*$/.test(s)) return s;
  return Array.from(encode(s), (byte) => (byte > 127 ? high(byte) : plain(byte))).join("");
}

const cat = utility(
  "cat",
  {
    help: `Usage: cat [OPTION]... [FILE]...
Concatenate FILE(s) to standard output. With no FILE, or when FILE is -, read standard input.

  -A, --show-all           equivalent to -vET
  -b, --number-nonblank    number nonempty output lines
  -E, --show-ends          display $ at end of each line
  -n, --number             number all output lines
  -s, --squeeze-blank      suppress repeated empty output lines
  -T, --show-tabs          display TAB characters as ^I
  -v, --show-nonprinting   use ^ notation`,
    options:
      "A,show-all b,number-nonblank e E,show-ends n,number s,squeeze-blank t T,show-tabs u v,show-nonprinting",
  },
  async (c) => {
    const change = decorate(c);
    for (const path of c.inputs) {
      const fd = await c.open(path);
      if (fd === null) continue;
      try {
        if (change) await catLines(c, fd, change);
        else await catBytes(c, fd);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        await c.warn(`${path}: ${strerror(e.code)}`);
      }
      await c.close(fd);
    }
  },
);

async function catBytes(c: Command, fd: number): Promise<void> {
  for (;;) {
    const chunk = await c.sys.read(fd, 65536);
    if (chunk.length === 0) return;
    await c.outBytes(chunk);
    await c.flush();
  }
}

async function catLines(
  c: Command,
  fd: number,
  change: (line: string, newline: boolean) => string,
): Promise<void> {
  let rest = "";
  for (;;) {
    const chunk = await c.sys.read(fd, 65536);
    if (chunk.length === 0) break;
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) await c.out(change(line, true));
    await c.flush();
  }
  if (rest !== "") await c.out(change(rest, false));
}

const tee = utility(
  "tee",
  {
    help: "Usage: tee [OPTION]... [FILE]...\nCopy standard input to each FILE, and also to standard output.\n\n  -a, --append             append to the given FILEs, do not overwrite\n  -i, --ignore-interrupts  ignore interrupt signals",
    options: "a,append i,ignore-interrupts p ,output-error?",
  },
  async (c) => {
    if (c.value("output-error"))
      await c.choose("output-error", [["warn"], ["warn-nopipe"], ["exit"], ["exit-nopipe"]]);
    if (c.has("i")) await c.sys.sigaction(2, "ignore");
    const fds: [number, string][] = [];
    const flags = Open.WRONLY | Open.CREAT | (c.has("a") ? Open.APPEND : Open.TRUNC);
    for (const path of c.operands) {
      const fd = await c.try(c.sys.open(path, flags, 0o666), path);
      if (fd !== null) fds.push([fd, path]);
    }
    for (;;) {
      const chunk = await c.sys.read(0, 65536);
      if (chunk.length === 0) return;
      await c.outBytes(chunk);
      await c.flush();
      for (const [fd, path] of fds) await c.try(writeFully(c.sys, fd, chunk), path);
    }
  },
);

interface Counts {
  l: number;
  w: number;
  m: number;
  c: number;
  L: number;
}

function countText(data: Uint8Array): Counts {
  const text = decode(data);
  return {
    l: (text.match(/\n/g) ?? []).length,
    w: (text.match(/\S+/g) ?? []).length,
    m: [...text].length,
    c: data.length,
    L: text.split("\n").reduce((n, s) => Math.max(n, s.length), 0),
  };
}

/** Of a directory wc counts nothing, and says so. */
async function directoryAsEmpty(c: Command, path: string): Promise<Uint8Array | null> {
  const st = await attempt(path === "-" ? c.sys.fstat(0) : c.sys.stat(path));
  return st.ok && (st.value.mode & Mode.IFMT) === Mode.IFDIR ? new Uint8Array() : null;
}

const wc = utility(
  "wc",
  {
    help: `Usage: wc [OPTION]... [FILE]...
Print newline, word, and byte counts for each FILE, and a total line if more than one FILE is specified.

  -c, --bytes            print the byte counts
  -m, --chars            print the character counts
  -l, --lines            print the newline counts
  -L, --max-line-length  print the maximum display width
  -w, --words            print the word counts
      --files0-from=F    read input from the files whose names, each with a NUL behind it, are in F`,
    options: "c,bytes m,chars l,lines L,max-line-length w,words ,files0-from:",
  },
  async (c) => {
    const chosen = (["l", "w", "m", "c", "L"] as const).filter((k) => c.has(k));
    const columns = chosen.length > 0 ? chosen : (["l", "w", "c"] as const);
    const rows: { counts: Counts; name: string }[] = [];
    const total: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
    const list = c.has("files0-from") ? await c.slurpText(c.value("files0-from")!) : null;
    if (list !== null) c.operands = list.split("\0").filter(Boolean);
    // Of a file the size is known before, and with it how wide the numbers get.
    let [known, regular] = [true, 0];
    for (const path of c.inputs) {
      const st = await attempt(path === "-" ? c.sys.fstat(0) : c.sys.stat(path));
      if (st.ok && (st.value.mode & Mode.IFMT) === Mode.IFREG) regular += st.value.size;
      else if (st.ok) known = false;
      const data = (await c.slurp(path)) ?? (await directoryAsEmpty(c, path));
      if (!data) continue;
      const counts = countText(data);
      for (const k of ["l", "w", "m", "c"] as const) total[k] += counts[k];
      total.L = Math.max(total.L, counts.L);
      rows.push({ counts, name: c.operands.length > 0 ? path : "" });
    }
    if (c.operands.length > 1) rows.push({ counts: total, name: "total" });
    const onePiece = columns.length === 1 && c.operands.length <= 1;
    const width = onePiece ? 1 : Math.max(known ? 1 : 7, String(regular).length);
    for (const r of rows) {
      const numbers = columns.map((k) => String(r.counts[k]).padStart(width)).join(" ");
      await c.out(`${numbers}${r.name === "" ? "" : ` ${r.name}`}\n`);
    }
  },
);

const tac = utility(
  "tac",
  { help: "Usage: tac [FILE]...\nWrite each FILE to standard output, last line first." },
  async (c) => {
    for (const path of c.inputs) {
      const text = await c.slurpText(path);
      if (text === null) continue;
      const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      await c.out(lines.reverse().join(""));
    }
  },
);

const rev = utility("rev", { help: "Usage: rev [FILE]...\nReverse lines characterwise." }, async (c) => {
  for await (const line of c.lines()) await c.out(`${[...line].reverse().join("")}\n`);
});

export const streams: Record<string, Program> = { cat, tee, head, tail, wc, tac, rev, nl };
