// options.ts - less's options, from its arguments and from $LESS.

import type { CaseRule } from "./search.ts";
import type { Looks } from "./view.ts";

export interface Options extends Looks {
  caseRule: CaseRule;
  quitIfOneScreen: boolean;
  /** Leave at the end: 1 the second time it is reached, 2 the first. */
  quitAtEnd: 0 | 1 | 2;
  noInit: boolean;
  longPrompt: boolean;
  quiet: boolean;
  tildes: boolean;
  squeeze: boolean;
  highlight: boolean;
  /** -P: what stands below the text. */
  prompt: string | null;
  /** `+F`, `+/text`: keys that are typed at the start. */
  initial: string;
}

export function defaults(): Options {
  return {
    numbers: false,
    chop: false,
    colours: false,
    tab: 8,
    caseRule: "exact",
    quitIfOneScreen: false,
    quitAtEnd: 0,
    noInit: false,
    longPrompt: false,
    quiet: false,
    tildes: true,
    squeeze: false,
    highlight: true,
    prompt: null,
    initial: "",
  };
}

/** Letters and long names as getopt takes them. */
export const SPEC =
  "N,LINE-NUMBERS n,line-numbers S,chop-long-lines R,RAW-CONTROL-CHARS r,raw-control-chars F,quit-if-one-screen X,no-init i,ignore-case I,IGNORE-CASE e,quit-at-eof E,QUIT-AT-EOF M,LONG-PROMPT m,long-prompt q,quiet Q,QUIET ~,tilde G,HILITE-SEARCH g,hilite-search s,squeeze-blank-lines x:,tabs P:,prompt p:,pattern ,initial:";

type Setter = (o: Options, value: string) => void;

const SETTERS: Record<string, Setter> = {
  "LINE-NUMBERS": (o) => (o.numbers = !o.numbers),
  "line-numbers": (o) => (o.numbers = false),
  "chop-long-lines": (o) => (o.chop = !o.chop),
  "RAW-CONTROL-CHARS": (o) => (o.colours = true),
  "raw-control-chars": (o) => (o.colours = true),
  "quit-if-one-screen": (o) => (o.quitIfOneScreen = true),
  "no-init": (o) => (o.noInit = true),
  "ignore-case": (o) => (o.caseRule = o.caseRule === "smart" ? "exact" : "smart"),
  "IGNORE-CASE": (o) => (o.caseRule = o.caseRule === "ignore" ? "exact" : "ignore"),
  "quit-at-eof": (o) => (o.quitAtEnd = 1),
  "QUIT-AT-EOF": (o) => (o.quitAtEnd = 2),
  "LONG-PROMPT": (o) => (o.longPrompt = true),
  "long-prompt": (o) => (o.longPrompt = true),
  quiet: (o) => (o.quiet = true),
  QUIET: (o) => (o.quiet = true),
  tilde: (o) => (o.tildes = !o.tildes),
  "HILITE-SEARCH": (o) => (o.highlight = false),
  "hilite-search": (o) => (o.highlight = true),
  "squeeze-blank-lines": (o) => (o.squeeze = true),
  tabs: (o, value) => (o.tab = Number(value) || 8),
  prompt: (o, value) => (o.prompt = value.replace(/^s/, "")),
  pattern: (o, value) => (o.initial = `/${value}\r`),
  initial: (o, value) => (o.initial = startKeys(value)),
};

/** `+/text` has its Enter implied, as `+100` has its g. */
function startKeys(text: string): string {
  if (/^[/?]/.test(text)) return `${text}\r`;
  return /^\d+$/.test(text) ? `${text}g` : text;
}

export function applyOption(o: Options, name: string, value: string): void {
  SETTERS[name]?.(o, value);
}

/** `-S` typed in the pager: what it changed, or null when there is no such option. */
export function toggle(o: Options, letter: string): string | null {
  switch (letter) {
    case "N":
      o.numbers = !o.numbers;
      return o.numbers ? "Constantly display line numbers" : "Don't use line numbers";
    case "S":
      o.chop = !o.chop;
      return o.chop ? "Chop long lines" : "Fold long lines";
    case "R":
      o.colours = !o.colours;
      return o.colours ? "Display ANSI sequences as colors" : "Display control characters as ^X";
    case "i":
      o.caseRule = o.caseRule === "smart" ? "exact" : "smart";
      return o.caseRule === "smart" ? "Ignore case in searches" : "Case is significant in searches";
    case "M":
      o.longPrompt = !o.longPrompt;
      return o.longPrompt ? "Long prompt" : "Short prompt";
    default:
      return null;
  }
}
