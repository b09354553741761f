// prompt.ts - PS1, PS2: backslash escapes, then expansion.

import { formatDate } from "../strftime.ts";
import { refreshClock } from "./dynamic.ts";
import { expandQuoted, textOf } from "./expand.ts";
import { parseQuoted } from "./parse.ts";
import { baseName, type Shell } from "./shell.ts";

/** What the user sees, with escapes done; \[ and \] are dropped. */
export async function promptText(sh: Shell, ps: string): Promise<string> {
  await refreshClock(sh);
  const host = sh.vars.get("HOSTNAME") ?? "localhost";
  const uid = Number(sh.vars.get("EUID") ?? 0);
  const status = sh.status;
  const escaped = decodeEscapes(sh, ps, host, uid);
  const text = sh.shopts["promptvars"] ? await expandQuoted(sh, closed(escaped)) : escaped;
  sh.status = status;
  return text.replace(/[\x01\x02]/g, "");
}

/** `${x@P}`: as of the last known time. */
export function promptNow(sh: Shell, ps: string): string {
  const host = sh.vars.get("HOSTNAME") ?? "localhost";
  const escaped = decodeEscapes(sh, ps, host, Number(sh.vars.get("EUID") ?? 0));
  const text = sh.shopts["promptvars"] ? textOf(sh, parseQuoted(closed(escaped))) : escaped;
  return text.replace(/[\x01\x02]/g, "");
}

/** A backslash at the end stands for itself. */
const closed = (s: string): string => (/(^|[^\\])(\\\\)*\\$/.test(s) ? `${s}\\` : s);

/** `~` for the home directory; $PROMPT_DIRTRIM keeps the last parts only. */
function shortDirectory(sh: Shell): string {
  const pwd = sh.vars.get("PWD") ?? "/";
  const home = sh.vars.get("HOME");
  const short =
    home && home !== "/" && (pwd === home || pwd.startsWith(`${home}/`)) ? `~${pwd.slice(home.length)}` : pwd;
  const trim = Number(sh.vars.get("PROMPT_DIRTRIM") ?? 0);
  const parts = short.split("/").filter(Boolean);
  if (trim <= 0 || parts.length <= trim + (short.startsWith("~") ? 1 : 0)) return short;
  return `${short.startsWith("~") ? "~/" : ""}.../${parts.slice(-trim).join("/")}`;
}

function decodeEscapes(sh: Shell, ps: string, host: string, uid: number): string {
  const seconds = Math.floor(sh.clock.epochNs / 1e9);
  const date = (f: string): string => formatDate(f, seconds, 0);
  const quote = (s: string): string => (sh.shopts["promptvars"] ? s.replace(/[\\$`"]/g, "\\$&") : s);
  return ps.replace(/\\(D\{([^}]*)\}|[0-7]{1,3}|[\s\S])/g, (whole, c: string, format: string | undefined) => {
    if (format !== undefined) return date(format || "%X");
    if (/^[0-7]+$/.test(c)) return String.fromCharCode(parseInt(c, 8) & 255);
    switch (c) {
      case "u":
        return quote(sh.vars.get("USER") ?? (uid === 0 ? "root" : String(uid)));
      case "h":
        return quote(host.replace(/\..*/, ""));
      case "H":
        return quote(host);
      case "w":
        return quote(shortDirectory(sh));
      case "W": {
        const short = shortDirectory(sh);
        return quote(short === "~" || short === "/" ? short : baseName(short));
      }
      case "$":
        return uid === 0 ? "#" : quote("$");
      case "s":
        return quote(baseName(sh.name).replace(/^-/, ""));
      case "v":
        return "5.2";
      case "V":
        return "5.2.15";
      case "j":
        return String(sh.jobs.list.length);
      case "l":
        return "console";
      case "!":
      case "#":
        return String(sh.history.base + sh.history.lines.length);
      case "t":
        return date("%H:%M:%S");
      case "T":
        return date("%I:%M:%S");
      case "@":
        return date("%I:%M %p");
      case "A":
        return date("%H:%M");
      case "d":
        return date("%a %b %d");
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "a":
        return "\x07";
      case "e":
        return "\x1b";
      case "[":
        return "\x01";
      case "]":
        return "\x02";
      case "\\":
        return "\\";
      default:
        return whole;
    }
  });
}
