// lsName.ts - how ls shows a file's name: quoted, painted, with a mark behind it.

import type { Stat } from "../sys.ts";

export type Quoting = "literal" | "escape" | "c" | "shell" | "shell-always" | "shell-escape";

const C_NAMES: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
};

const octal = (c: string): string => C_NAMES[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`;

/** What a shell would not take as it is. */
const SHELL_SPECIAL = /[\s!"$&'()*;<=>?[\\\]^`{|}~#\x00-\x1f\x7f]/;

/** `'a'$'\n''b'`, as ls writes to a terminal. */
function shellEscaped(name: string): string {
  const parts = name.split(/([\x00-\x1f\x7f]+)/);
  const quoted = parts.map((part, i) => {
    if (i % 2 === 1) return `$'${[...part].map(octal).join("")}'`;
    return part === "" && i > 0 && i === parts.length - 1 ? "" : `'${part.replaceAll("'", "'\\''")}'`;
  });
  return quoted.join("");
}

function shellQuoted(name: string): string {
  return name.includes("'") && !/["$`\\!]/.test(name) ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;
}

export function quoteName(name: string, style: Quoting, hideControls: boolean): string {
  switch (style) {
    case "c":
      return `"${name.replace(/["\\]/g, "\\$&").replace(/[\x00-\x1f\x7f]/g, octal)}"`;
    case "escape":
      return name.replace(/[\\ ]/g, "\\$&").replace(/[\x00-\x1f\x7f]/g, octal);
    case "shell-escape":
      if (/[\x00-\x1f\x7f]/.test(name)) return shellEscaped(name);
      return SHELL_SPECIAL.test(name) || name === "" ? shellQuoted(name) : name;
    case "shell":
      return SHELL_SPECIAL.test(name) || name === "" ? shellQuoted(name) : name;
    case "shell-always":
      return shellQuoted(name);
    default:
      return hideControls ? name.replace(/[\x00-\x1f\x7f]/g, "?") : name;
  }
}

/** The colors that ls has by itself, without LS_COLORS. */
function color(mode: number, dangling: boolean): string {
  switch (mode & 0o170000) {
    case 0o040000:
      if ((mode & 0o1002) === 0o1002) return "30;42";
      if (mode & 0o002) return "34;42";
      return mode & 0o1000 ? "37;44" : "01;34";
    case 0o120000:
      return dangling ? "40;31;01" : "01;36";
    case 0o010000:
      return "33";
    case 0o140000:
      return "01;35";
    case 0o020000:
    case 0o060000:
      return "01;33";
    default:
      if (mode & 0o4000) return "37;41";
      if (mode & 0o2000) return "30;43";
      return mode & 0o111 ? "01;32" : "";
  }
}

/** A name in its color; the terminal is set to its usual colors before the first one. */
export class Painter {
  private begun = false;

  constructor(private readonly on: boolean) {}

  paint(text: string, mode: number, dangling = false): string {
    const code = this.on ? color(mode, dangling) : "";
    if (code === "") return text;
    const start = this.begun ? "" : "\x1b[0m";
    this.begun = true;
    return `${start}\x1b[${code}m${text}\x1b[0m`;
  }
}

/** The letter of -F and -p behind a name. */
export function indicator(
  st: Stat,
  style: "none" | "slash" | "file-type" | "classify",
  long: boolean,
): string {
  const type = st.mode & 0o170000;
  if (style === "none") return "";
  if (type === 0o040000) return "/";
  if (style === "slash") return "";
  if (type === 0o120000) return long ? "" : "@";
  if (type === 0o010000) return "|";
  if (type === 0o140000) return "=";
  return style === "classify" && type === 0o100000 && st.mode & 0o111 ? "*" : "";
}
