import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Text files below a folder by relative path. */
export function readFolder(root: string): Map<string, string> {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((path) => [relative(root, path), readFileSync(path, "utf8")]));
}
