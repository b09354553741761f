// programs.ts - the small programs that shell corpora call.
import { Open } from "../../../kernel-as/abi.ts";
import { readAll } from "../../../src/user/sh/shell.ts";
import type { Program, SysCalls } from "../../../src/user/sys.ts";
import { decode, encode } from "../../../src/user/text.ts";

const print = async (sys: SysCalls, fd: number, text: string): Promise<number> => {
  await sys.write(fd, encode(text));
  return 0;
};

/** As Python 3 prints a string in a list. */
function repr(s: string): string {
  const quote = s.includes("'") && !s.includes('"') ? '"' : "'";
  const escape: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\" };
  const body = [...s].map((c) => {
    if (c === quote) return `\\${c}`;
    if (escape[c]) return escape[c];
    const code = c.codePointAt(0)!;
    if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code >= 0xd800 && code < 0xe000) return `\\u${code.toString(16)}`;
    return c;
  });
  return quote + body.join("") + quote;
}

const argv: Program = ({ sys, argv }) => print(sys, 1, `[${argv.slice(1).map(repr).join(", ")}]\n`);

const printenv: Program = ({ sys, argv, env }) =>
  print(
    sys,
    1,
    argv
      .slice(1)
      .map((n) => `${env.get(n) ?? "None"}\n`)
      .join(""),
  );

const stdoutStderr: Program = async ({ sys, argv }) => {
  await print(sys, 1, `${argv[1] ?? "STDOUT"}\n`);
  await print(sys, 2, `${argv[2] ?? "STDERR"}\n`);
  return Number(argv[3] ?? 0);
};

const readFromFd: Program = async ({ sys, argv }) => {
  for (const fd of argv.slice(1)) {
    const text = decode(await readAll(sys, Number(fd)).catch(() => encode("ERROR\n")));
    await print(sys, 1, `${fd}: ${text}`);
  }
  return 0;
};

const showFdTable: Program = async ({ sys }) => {
  const dir = await sys.open("/proc/self/fd", Open.RDONLY);
  for (const { name } of await sys.getdents(dir))
    if (/^\d/.test(name))
      await print(sys, 1, `${name} ${await sys.readlink(`/proc/self/fd/${name}`).catch(() => "?")}\n`);
  return 0;
};

/** Bash's tests: each argument with its control characters shown. */
const recho: Program = ({ sys, argv }) => {
  const visible = (s: string): string =>
    [...decodeLatin(s)]
      .map((c) => (c < " " ? `^${String.fromCharCode(c.charCodeAt(0) + 64)}` : c === "\x7f" ? "^?" : c))
      .join("");
  return print(
    sys,
    1,
    argv
      .slice(1)
      .map((a, i) => `argv[${i + 1}] = <${visible(a)}>\n`)
      .join(""),
  );
};
const decodeLatin = (s: string): string => s;

const zecho: Program = ({ sys, argv }) => print(sys, 1, `${argv.slice(1).join(" ")}\n`);

export const corpusPrograms: ReadonlyMap<string, Program> = new Map([
  ["argv.py", argv],
  ["argv.sh", argv],
  ["printenv.py", printenv],
  ["stdout_stderr.py", stdoutStderr],
  ["read_from_fd.py", readFromFd],
  ["show_fd_table.py", showFdTable],
  ["recho", recho],
  ["zecho", zecho],
]);
