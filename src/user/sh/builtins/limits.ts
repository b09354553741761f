// limits.ts - umask, ulimit, times.

import { attempt } from "../../errno.ts";
import type { Shell } from "../shell.ts";
import { badOption, options, type Table } from "./types.ts";

async function umask(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "Sp");
  if (o.bad) return badOption(sh, "umask", o.bad, "umask [-p] [-S] [mode]");
  const mask = await sh.sys.umask(0);
  await sh.sys.umask(mask);
  const arg = o.rest[0];
  if (arg === undefined) {
    const octal = mask.toString(8).padStart(4, "0");
    const text = o.set.has("S") ? symbolic(mask) : octal;
    await sh.out(`${o.set.has("p") ? `umask ${o.set.has("S") ? "-S " : ""}` : ""}${text}\n`);
    return 0;
  }
  if (/^[0-7]+$/.test(arg) && parseInt(arg, 8) <= 0o7777) {
    await sh.sys.umask(parseInt(arg, 8) & 0o777);
    return 0;
  }
  if (/^\d/.test(arg)) return sh.complain(`umask: ${arg}: octal number out of range`);
  const next = applySymbolic(~mask & 0o777, arg);
  if (typeof next === "string") return sh.complain(`umask: ${next}`);
  await sh.sys.umask(~next & 0o777);
  return 0;
}

function symbolic(mask: number): string {
  const bits = (shift: number): string => {
    const m = ~mask >> shift;
    return (m & 4 ? "r" : "") + (m & 2 ? "w" : "") + (m & 1 ? "x" : "");
  };
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

/** The new modes, or what is wrong with the text. */
function applySymbolic(mode: number, text: string): number | string {
  let out = mode;
  for (const clause of text.split(",")) {
    const [, whoText, op, letters] = /^([ugoa]*)(.?)(.*)$/s.exec(clause)!;
    if (!/^[-+=]$/.test(op!)) return `\`${op || "\0"}': invalid symbolic mode operator`;
    const wrong = /[^rwx]/u.exec(letters!);
    if (wrong) return `\`${wrong[0]}': invalid symbolic mode character`;
    const who = whoText === "" || whoText!.includes("a") ? "ugo" : whoText!;
    const bits = [..."xwr"].reduce((sum, c, i) => sum | (letters!.includes(c) ? 1 << i : 0), 0);
    for (const [c, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (!who.includes(c)) continue;
      if (op === "=") out = (out & ~(7 << shift)) | (bits << shift);
      else out = op === "+" ? out | (bits << shift) : out & ~(bits << shift);
    }
  }
  return out;
}

/** Limits that exist in our kernel; the others are unlimited. */
const LIMITS: Record<string, [string, string]> = {
  c: ["core file size              (blocks, -c)", "0"],
  d: ["data seg size               (kbytes, -d)", "unlimited"],
  f: ["file size                   (blocks, -f)", "unlimited"],
  n: ["open files                          (-n)", "256"],
  p: ["pipe size                (512 bytes, -p)", "8"],
  s: ["stack size                  (kbytes, -s)", "8"],
  t: ["cpu time                   (seconds, -t)", "unlimited"],
  u: ["max user processes                  (-u)", "32768"],
  v: ["virtual memory              (kbytes, -v)", "unlimited"],
};

async function ulimit(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, `aHS${Object.keys(LIMITS).join("")}`);
  if (o.bad) return badOption(sh, "ulimit", o.bad, "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]");
  if (o.set.has("a")) {
    await sh.out(
      Object.values(LIMITS)
        .map(([text, value]) => `${text} ${value}\n`)
        .join(""),
    );
    return 0;
  }
  const which = [...o.set].find((c) => c in LIMITS) ?? "f";
  if (o.rest.length > 0) {
    if (o.rest[0] === LIMITS[which]![1] || (o.rest[0] === "unlimited" && LIMITS[which]![1] === "unlimited"))
      return 0;
    return sh.complain("ulimit: limits of this kernel are fixed");
  }
  await sh.out(`${LIMITS[which]![1]}\n`);
  return 0;
}

async function times(sh: Shell): Promise<number> {
  const fd = await attempt(sh.sys.open("/proc/self/stat", 0));
  let ticks = [0, 0, 0, 0];
  if (fd.ok) {
    const text = new TextDecoder().decode(await sh.sys.read(fd.value, 4096));
    await sh.sys.close(fd.value);
    const f = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    ticks = [11, 12, 13, 14].map((i) => f[i] || 0);
  }
  const t = (n: number): string => `${Math.floor(n / 6000)}m${((n % 6000) / 100).toFixed(3)}s`;
  await sh.out(`${t(ticks[0]!)} ${t(ticks[1]!)}\n${t(ticks[2]!)} ${t(ticks[3]!)}\n`);
  return 0;
}

export const limits: Table = { umask, ulimit, times };
