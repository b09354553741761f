// signals.ts - names and descriptions of signals, as bash and psignal have them.

const NAMES: (string | undefined)[] = [
  "EXIT",
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "IO",
  "PWR",
  "SYS",
];

const TEXT: Record<number, string> = {
  1: "Hangup",
  2: "Interrupt",
  3: "Quit",
  4: "Illegal instruction",
  5: "Trace/breakpoint trap",
  6: "Aborted",
  7: "Bus error",
  8: "Floating point exception",
  9: "Killed",
  10: "User defined signal 1",
  11: "Segmentation fault",
  12: "User defined signal 2",
  13: "Broken pipe",
  14: "Alarm clock",
  15: "Terminated",
  17: "Child exited",
  18: "Continued",
  19: "Stopped (signal)",
  20: "Stopped",
  21: "Stopped (tty input)",
  22: "Stopped (tty output)",
  23: "Urgent I/O condition",
  24: "CPU time limit exceeded",
  25: "File size limit exceeded",
  26: "Virtual timer expired",
  27: "Profiling timer expired",
  28: "Window changed",
  29: "I/O possible",
  30: "Power failure",
  31: "Bad system call",
};

export const LAST_SIGNAL = 64;
const RTMIN = 34;
const RTMAX = 64;

/** `TERM` for 15; the number itself when it has no name. */
export function signalName(n: number): string {
  if (n >= RTMIN && n <= RTMAX) return realTimeName(n);
  return NAMES[n] ?? String(n);
}

/** Every signal's name, by number. */
export function signalNames(): string[] {
  return Array.from({ length: LAST_SIGNAL }, (_, i) => signalName(i + 1)).filter((n) => /^[A-Z]/.test(n));
}

/** The real-time signals are named from the nearer end. */
function realTimeName(n: number): string {
  const [from, to] = [n - RTMIN, RTMAX - n];
  if (from <= to) return from === 0 ? "RTMIN" : `RTMIN+${from}`;
  return to === 0 ? "RTMAX" : `RTMAX-${to}`;
}

export function signalText(n: number): string {
  return TEXT[n] ?? `Unknown signal ${n}`;
}

/** `TERM`, `SIGTERM`, `term` or `15` to 15; null when there is no such signal. */
export function signalNumber(spec: string): number | null {
  if (/^\d+$/.test(spec)) {
    const n = Number(spec);
    return n <= 64 ? n : null;
  }
  const name = spec.toUpperCase().replace(/^SIG/, "");
  const rt = /^RTM(?:IN(?:\+(\d+))?|AX(?:-(\d+))?)$/.exec(name);
  if (rt) {
    const n = name.startsWith("RTMIN") ? RTMIN + Number(rt[1] ?? 0) : RTMAX - Number(rt[2] ?? 0);
    return n >= RTMIN && n <= RTMAX ? n : null;
  }
  const at = NAMES.indexOf(name);
  return at < 0 ? null : at;
}
