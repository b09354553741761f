// search.ts - patterns of vi, and where they match next.

import { posixRegex } from "../../regex.ts";
import type { Pos } from "../edit/document.ts";
import { Refused, type Settings, type Sought, type State } from "./state.ts";

/** Basic regular expressions; ~ and other leftovers of ed are plain characters. */
export function compile(pattern: string, settings: Settings, flags = "g"): RegExp {
  const capitals = settings.smartcase && /\p{Lu}/u.test(pattern);
  const ignoreCase = /\\c/.test(pattern) || (settings.ignorecase && !capitals);
  try {
    return posixRegex(pattern.replace(/\\[cC]/g, ""), { extended: false, ignoreCase, flags });
  } catch {
    throw new Refused(`E486: Pattern not found: ${pattern}`);
  }
}

export function matchesIn(text: string, regex: RegExp): [number, number][] {
  return [...text.matchAll(regex)].map((m) => [m.index, m.index + m[0].length]);
}

/** The next match behind (or before) a position, round the end of the text. */
export function findNext(s: State, sought: Sought, from: Pos, backward: boolean): Pos {
  const count = s.doc.lines.length;
  for (let i = 0; i <= count; i++) {
    const line = (((from.line + (backward ? -i : i)) % count) + count) % count;
    const wrapped = backward ? from.line - i < 0 : from.line + i >= count;
    if (wrapped && !s.settings.wrapscan) break;
    const starts = matchesIn(s.doc.line(line), sought.regex).map(([at]) => at);
    const good = starts.filter((at) => {
      if (i > 0 && i < count) return true;
      const beyond = backward ? at < from.col : at > from.col;
      return i === 0 ? beyond : !beyond;
    });
    if (good.length === 0) continue;
    if (wrapped)
      s.message = `search hit ${backward ? "TOP" : "BOTTOM"}, continuing at ${backward ? "BOTTOM" : "TOP"}`;
    return { line, col: backward ? good.at(-1)! : good[0]! };
  }
  throw new Refused(`E486: Pattern not found: ${sought.pattern}`);
}
