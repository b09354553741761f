// settings.ts - :set.

import { Refused, type Settings, type State } from "./state.ts";

type Names<T> = { [K in keyof Settings]: Settings[K] extends T ? K : never }[keyof Settings];

const SWITCHES: Record<string, Names<boolean>> = {
  nu: "number",
  number: "number",
  ic: "ignorecase",
  ignorecase: "ignorecase",
  scs: "smartcase",
  smartcase: "smartcase",
  ai: "autoindent",
  autoindent: "autoindent",
  et: "expandtab",
  expandtab: "expandtab",
  hls: "hlsearch",
  hlsearch: "hlsearch",
  ws: "wrapscan",
  wrapscan: "wrapscan",
};

const NUMBERS: Record<string, Names<number>> = {
  ts: "tabstop",
  tabstop: "tabstop",
  sw: "shiftwidth",
  shiftwidth: "shiftwidth",
};

function all(s: Settings): string {
  const on = Object.values(SWITCHES).map((name) => (s[name] ? name : `no${name}`));
  const numbers = Object.values(NUMBERS).map((name) => `${name}=${s[name]}`);
  return [...new Set([...on, ...numbers])].join("  ");
}

function setOne(s: State, word: string): void {
  const [, no, name, mark, value] = /^(no(?!number$))?([a-z]+)([!?]|=(\d*))?$/.exec(word) ?? [];
  const toggled = name !== undefined ? SWITCHES[name] : undefined;
  const counted = name !== undefined ? NUMBERS[name] : undefined;
  if (toggled !== undefined && (mark === undefined || mark === "!" || mark === "?")) {
    if (mark === "?") s.message = s.settings[toggled] ? `  ${toggled}` : `no${toggled}`;
    else s.settings[toggled] = mark === "!" ? !s.settings[toggled] : no === undefined;
  } else if (counted !== undefined && no === undefined) {
    if (mark === undefined || mark === "?") s.message = `  ${counted}=${s.settings[counted]}`;
    else if (Number(value) < 1) throw new Refused(`E487: Argument must be positive: ${word}`);
    else s.settings[counted] = Number(value);
  } else throw new Refused(`E518: Unknown option: ${word}`);
}

export function set(s: State, text: string): void {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0 || words[0] === "all") s.message = all(s.settings);
  else for (const word of words) setOne(s, word);
}
