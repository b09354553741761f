// prompt.ts - the bottom row: where in the text this is.

import type { Options } from "./options.ts";
import type { Place, View } from "./view.ts";

export interface Where {
  view: View;
  /** What is on the screen. */
  places: Place[];
  rows: number;
  /** Position among the files given, from 1; and how many there are. */
  file: number;
  files: number;
  /** No command was given yet. */
  first: boolean;
}

/** Whole percents of the text up to the last row shown; null when its end is not known. */
function percent(w: Where): number | null {
  const { source } = w.view;
  const size = source.ended ? source.bytes : source.size;
  const last = w.places.at(-1);
  if (size === 0 || !last) return null;
  return Math.min(100, Math.floor((source.bytesThrough(last.line) * 100) / size));
}

export const isAtEnd = (w: Where): boolean =>
  w.view.atEnd(w.rows) && (w.view.source.ended || w.view.source.bytes === w.view.source.size) && !grows(w);

/** A pipe that may still bring something. */
const grows = (w: Where): boolean => !w.view.source.ended && w.view.source.size === 0;

/** `name lines 1-23/100 50%` */
export function position(w: Where): string {
  const { source } = w.view;
  const [from, to] = [w.places[0], w.places.at(-1)];
  const total = source.ended ? `/${source.count}` : "";
  const lines = from && to ? ` lines ${from.line + 1}-${to.line + 1}${total}` : "";
  const part = percent(w);
  return `${source.name || "(standard input)"}${lines}${part === null ? "" : ` ${part}%`}`;
}

const standOut = (text: string): string => `\x1b[7m${text}\x1b[27m`;

export function promptText(w: Where, o: Options): string {
  const end = isAtEnd(w) ? "(END)" : "";
  if (o.prompt !== null) return standOut(filled(o.prompt, w));
  if (o.longPrompt) return standOut([position(w), end].filter(Boolean).join(" "));
  const name = w.first && w.view.source.name !== "" ? w.view.source.name : "";
  const nth = w.first && w.files > 1 ? `(file ${w.file} of ${w.files})` : "";
  const text = [name, nth, end].filter(Boolean).join(" ");
  return text === "" ? ":" : standOut(text);
}

/** less's own `%lt` (line at the top), `%f` (file), `%pb` (percent). */
function filled(prompt: string, w: Where): string {
  const top = String((w.places[0]?.line ?? 0) + 1);
  return prompt
    .replaceAll("%lt", top)
    .replaceAll("%f", w.view.source.name)
    .replaceAll("%pb", String(percent(w) ?? 0));
}
