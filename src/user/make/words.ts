// words.ts - lists of words and `%` patterns.

export const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** What `%` stands for when the word matches the pattern, else null. */
export function stemOf(pattern: string, word: string): string | null {
  const at = pattern.indexOf("%");
  if (at < 0) return pattern === word ? "" : null;
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + 1)];
  if (word.length < head.length + tail.length) return null;
  if (!word.startsWith(head) || !word.endsWith(tail)) return null;
  return word.slice(head.length, word.length - tail.length);
}

export const withStem = (pattern: string, stem: string): string => pattern.replace("%", () => stem);

export function patsubst(pattern: string, replacement: string, text: string): string {
  const change = (word: string): string => {
    const stem = stemOf(pattern, word);
    return stem === null ? word : withStem(replacement, stem);
  };
  return words(text).map(change).join(" ");
}

export const dirOf = (path: string): string => /^(.*\/)/.exec(path)?.[1] ?? "./";
export const notDir = (path: string): string => path.replace(/^.*\//, "");

/** An absolute path without `.`, `..` and doubled slashes. */
export function abspath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : `${cwd}/`}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
