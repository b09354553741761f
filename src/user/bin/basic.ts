// basic.ts - true, false, echo, printf, test, yes, sleep, seq, basename, dirname, …

import { strerror } from "../errno.ts";
import { helped } from "../helped.ts";
import { formatPrintf, floatText } from "../printf.ts";
import { echoText } from "../sh/builtins/output.ts";
import { SysError, type Program } from "../sys.ts";
import { TestError, testExpression } from "../testCommand.ts";
import { encode } from "../text.ts";
import { type Command, utility, writeFully } from "./command.ts";

/** One write, whatever the text. */
function writer(name: string, make: (args: string[]) => { text: string; errors: string[] }): Program {
  return async ({ sys, argv }) => {
    const { text, errors } = make(argv.slice(1));
    for (const e of errors) await writeFully(sys, 2, encode(`${name}: ${e}\n`));
    try {
      if (text !== "") await writeFully(sys, 1, encode(text));
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      await writeFully(sys, 2, encode(`${name}: write error: ${strerror(e.code)}\n`));
      return 1;
    }
    return errors.length > 0 ? 1 : 0;
  };
}

const ECHO_HELP = `Usage: echo [SHORT-OPTION]... [STRING]...
Echo the STRING(s) to standard output.

  -n             do not output the trailing newline
  -e             enable interpretation of backslash escapes
  -E             disable interpretation of backslash escapes (default)
`;

const echo = writer("echo", (args) =>
  args.length === 1 && args[0] === "--help"
    ? { text: ECHO_HELP, errors: [] }
    : { text: echoText(args, false), errors: [] },
);

const PRINTF_HELP = `Usage: printf FORMAT [ARGUMENT]...
Print ARGUMENT(s) according to FORMAT.
`;

const printf = writer("printf", (args) => {
  if (args[0] === "--help") return { text: PRINTF_HELP, errors: [] };
  if (args.length === 0)
    return { text: "", errors: ["missing operand\nTry 'printf --help' for more information."] };
  return formatPrintf(args[0]!, args.slice(1), { now: 0, start: 0 });
});

const test: Program = async ({ sys, argv }) => {
  const bracket = argv[0]!.endsWith("[");
  const complain = (text: string): Promise<void> =>
    writeFully(sys, 2, encode(`${bracket ? "[" : "test"}: ${text}\n`));
  if (bracket && argv.at(-1) !== "]") {
    await complain("missing ']'");
    return 2;
  }
  try {
    return (await testExpression(sys, argv.slice(1, bracket ? -1 : undefined), null)) ? 0 : 1;
  } catch (e) {
    if (!(e instanceof TestError)) throw e;
    await complain(e.message);
    return 2;
  }
};

const yes = utility(
  "yes",
  {
    help: "Usage: yes [STRING]...\nRepeatedly output a line with all specified STRING(s), or 'y'.",
    writeError: "standard output",
  },
  async (c) => {
    const line = `${c.operands.length > 0 ? c.operands.join(" ") : "y"}\n`;
    const block = encode(line.repeat(Math.max(1, Math.floor(8192 / line.length))));
    for (;;) {
      await c.outBytes(block);
      await c.flush();
    }
  },
);

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** `1.5m` in nanoseconds; null when it is no time. */
export function parseDuration(text: string): number | null {
  const m = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (text === "infinity" || text === "inf") return Number.MAX_SAFE_INTEGER;
  return m ? Math.round(Number(m[1]) * UNITS[m[2] || "s"]! * 1e9) : null;
}

const sleep = utility(
  "sleep",
  { help: "Usage: sleep NUMBER[SUFFIX]...\nPause for NUMBER seconds; SUFFIX may be s, m, h or d." },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    let total = 0;
    for (const arg of c.operands) {
      const ns = parseDuration(arg);
      if (ns === null) await c.usage(`invalid time interval ‘${arg}’`);
      total += ns!;
    }
    await c.sys.nanosleep(Math.min(total, Number.MAX_SAFE_INTEGER));
  },
);

const seq = utility(
  "seq",
  {
    help: `Usage: seq [OPTION]... LAST
  or:  seq [OPTION]... FIRST LAST
  or:  seq [OPTION]... FIRST INCREMENT LAST
Print numbers from FIRST to LAST, in steps of INCREMENT.

  -f, --format=FORMAT      use printf style floating-point FORMAT
  -s, --separator=STRING   use STRING to separate numbers (default: \\n)
  -w, --equal-width        equalize width by padding with leading zeroes`,
    options: "f:,format s:,separator w,equal-width",
    // Negative numbers are no options.
    rewrite: (args) => {
      const at = args.findIndex((a) => /^-[\d.]/.test(a));
      return at < 0 ? args : [...args.slice(0, at), "--", ...args.slice(at)];
    },
  },
  async (c) => {
    const n = c.operands.length;
    if (n === 0) await c.missingOperand();
    if (n > 3) await c.usage(`extra operand ‘${c.operands[3]}’`);
    for (const a of c.operands)
      if (Number.isNaN(Number(a)) || a === "") await c.usage(`invalid floating point argument: ‘${a}’`);
    const first = n > 1 ? c.operands[0]! : "1";
    const step = n > 2 ? c.operands[1]! : "1";
    const last = c.operands.at(-1)!;
    const by = Number(step);
    if (by === 0) await c.usage(`invalid Zero increment value: ‘${step}’`);
    const digits = Math.max(...[first, step].map((a) => (a.split(".")[1] ?? "").length));
    const format = c.value("f");
    if (format !== undefined) await checkFormat(c, format);
    const text = (v: number): string => (format ? formatNumber(format, v) : v.toFixed(digits));
    const width = c.has("w") ? Math.max(text(Number(first)).length, Number(last).toFixed(digits).length) : 0;
    const sep = c.value("s") ?? "\n";
    const count = Math.floor((Number(last) - Number(first)) / by + 1e-10) + 1;
    for (let i = 0; i < count; i++) {
      const s = text(Number(first) + i * by);
      const padded = s.startsWith("-") ? `-${s.slice(1).padStart(width - 1, "0")}` : s.padStart(width, "0");
      await c.out((i > 0 ? sep : "") + padded);
    }
    if (count > 0) await c.out("\n");
  },
);

/** One directive, of a floating number. */
async function checkFormat(c: Command, format: string): Promise<void> {
  const directives = [...format.matchAll(/%([-+ #0']*\d*(?:\.\d*)?)(.?)/g)].filter(
    ([whole]) => whole !== "%%",
  );
  const shown = `format ‘${format}’`;
  if (directives.length === 0) await c.die(`${shown} has no % directive`);
  if (directives[0]![2] === "") await c.die(`${shown} ends in %`);
  if (!/[aefgAEFG]/.test(directives[0]![2]!))
    await c.die(`${shown} has unknown %${directives[0]![2]} directive`);
  if (directives.length > 1) await c.die(`${shown} has too many % directives`);
}

function formatNumber(format: string, v: number): string {
  return format.replace(
    /%%|%([-+ #0]*)(\d*)(?:\.(\d+))?([efgEFG])/g,
    (whole, flags: string, width: string, p: string | undefined, c: string) =>
      whole === "%%" ? "%" : floatText(v, c, flags, Number(width), p === undefined ? 6 : Number(p)),
  );
}

/** The last component of a path. */
export function lastComponent(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "" : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

export function directoryOf(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  const at = trimmed.lastIndexOf("/");
  if (at < 0) return ".";
  return trimmed.slice(0, at).replace(/\/+$/, "") || "/";
}

const basename = utility(
  "basename",
  {
    help: `Usage: basename NAME [SUFFIX]
  or:  basename OPTION... NAME...
Print NAME with any leading directory components removed.

  -a, --multiple       support multiple arguments and treat each as a NAME
  -s, --suffix=SUFFIX  remove a trailing SUFFIX; implies -a
  -z, --zero           end each output line with NUL, not newline`,
    options: "a,multiple s:,suffix z,zero",
    posix: true,
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const many = c.has("a") || c.has("s");
    if (!many && c.operands.length > 2) await c.usage(`extra operand ‘${c.operands[2]}’`);
    const suffix = c.value("s") ?? (many ? "" : (c.operands[1] ?? ""));
    for (const path of many ? c.operands : c.operands.slice(0, 1)) {
      const name = lastComponent(path);
      const cut =
        suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
      await c.out(cut + (c.has("z") ? "\0" : "\n"));
    }
  },
);

const dirname = utility(
  "dirname",
  {
    help: "Usage: dirname [OPTION] NAME...\nOutput each NAME with its last component removed.\n\n  -z, --zero  end each output line with NUL, not newline",
    options: "z,zero",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    for (const path of c.operands) await c.out(directoryOf(path) + (c.has("z") ? "\0" : "\n"));
  },
);

const clear = utility("clear", { help: "Usage: clear\nClear the terminal screen." }, async (c) =>
  c.out("\x1b[H\x1b[2J\x1b[3J"),
);

const TEST_USAGE = `Usage: test EXPRESSION
       [ EXPRESSION ]
Exit with the status determined by EXPRESSION.

  ( E )  ! E  E1 -a E2  E1 -o E2   parentheses, not, and, or
  -n S  -z S  S1 = S2  S1 != S2    strings: not empty, empty, equal, different
  N1 -eq N2   also -ge -gt -le -lt -ne   numbers
  F1 -nt F2  F1 -ot F2  F1 -ef F2  newer, older, the same file
  -b -c -d -e -f -g -h -k -L -O -p -r -s -S -t -u -w -x F   what F is and allows`;

export const basic: Record<string, Program> = {
  true: helped(
    "true",
    "Usage: true [ignored command line arguments]\nExit with a status code indicating success.",
    async () => 0,
  ),
  false: async (args) => (
    await helped(
      "false",
      "Usage: false [ignored command line arguments]\nExit with a status code indicating failure.",
      async () => 1,
    )(args),
    1
  ),
  echo,
  printf,
  test: helped("test", TEST_USAGE, test),
  "[": helped("[", TEST_USAGE, test),
  yes,
  sleep,
  seq,
  basename,
  dirname,
  clear,
};
