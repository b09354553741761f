// glob.ts - pathname expansion.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { Dirent, SysCalls } from "../sys.ts";
import { ShellError } from "./errors.ts";
import type { Field } from "./fields.ts";
import { hasGlob, matches, type MatchStyle } from "./pattern.ts";
import type { Shell } from "./shell.ts";

/** The paths that a field stands for; the field's text when there are none. */
export async function globField(sh: Shell, field: Field): Promise<string[]> {
  const found = await globPaths(sh, field.pattern);
  if (found.length > 0) return found;
  if (sh.shopts["failglob"]) throw new ShellError(`no match: ${field.text}`);
  return sh.shopts["nullglob"] ? [] : [field.text];
}

function unescape(p: string): string {
  return p.replace(/\\([\s\S])/g, "$1");
}

/** Matching paths, sorted; empty when nothing matches. */
export async function globPaths(sh: Shell, pattern: string): Promise<string[]> {
  const absolute = pattern.startsWith("/");
  const segments = pattern.split("/").filter((s, i, all) => s !== "" || i === all.length - 1);
  const walk = new GlobWalk(sh);
  await walk.match(absolute ? "/" : "", segments, 0);
  const found = [...new Set(walk.found)].sort();
  const ignore = sh.vars.get("GLOBIGNORE");
  if (!ignore) return found;
  const patterns = ignore.match(/(?:\[(?:\[:\w+:\]|[^\]])*\]|\\.|[^:])+/g) ?? [];
  return found.filter((f) => !patterns.some((p) => matches(p, f)));
}

class GlobWalk {
  readonly found: string[] = [];
  private readonly style: MatchStyle;
  private readonly dots: boolean;
  /** Whether `.*` finds `.` and `..`, too. */
  private readonly own: boolean;

  constructor(private readonly sh: Shell) {
    this.style = { path: true, ignoreCase: sh.shopts["nocaseglob"] === true, extglob: true };
    const ignore = Boolean(sh.vars.get("GLOBIGNORE"));
    this.dots = sh.shopts["dotglob"] === true || ignore;
    this.own = sh.shopts["globskipdots"] === false && !ignore;
  }

  async match(base: string, segments: string[], at: number): Promise<void> {
    const segment = segments[at];
    if (segment === undefined) return;
    const last = at === segments.length - 1;
    if (segment === "") {
      // A trailing slash: directories only.
      if (await isDirectory(this.sh.sys, base)) this.found.push(base);
      return;
    }
    if (segment === "**" && this.sh.shopts["globstar"]) return this.descend(base, segments, at, last);
    if (!hasGlob(segment)) return this.literal(base, segments, at, last);
    for (const e of await this.candidates(segment, base)) {
      if (!this.matchesName(segment, e.name)) continue;
      if (last) this.found.push(base + e.name);
      else if (mayBeDirectory(e)) await this.match(`${base}${e.name}/`, segments, at + 1);
    }
  }

  private async literal(base: string, segments: string[], at: number, last: boolean): Promise<void> {
    const path = base + unescape(segments[at]!);
    if (!last) return this.match(`${path}/`, segments, at + 1);
    if ((await attempt(this.sh.sys.lstat(path))).ok) this.found.push(path);
  }

  private async descend(base: string, segments: string[], at: number, last: boolean): Promise<void> {
    if (last && base !== "") this.found.push(base);
    if (!last) await this.match(base, segments, at + 1);
    for (const e of await entries(this.sh.sys, base)) {
      if (e.name.startsWith(".") && !this.dots) continue;
      if (e.type === 4) await this.descend(`${base}${e.name}/`, segments, at, last);
      if (last) {
        if (e.type === 4) this.found.splice(this.found.indexOf(`${base}${e.name}/`), 1);
        this.found.push(base + e.name);
      }
    }
  }

  private async candidates(segment: string, base: string): Promise<Pick<Dirent, "name" | "type">[]> {
    const found = await entries(this.sh.sys, base);
    const own = this.own && segment.startsWith(".");
    return own ? [{ name: ".", type: 4 }, { name: "..", type: 4 }, ...found] : found;
  }

  private matchesName(segment: string, name: string): boolean {
    if (name.startsWith(".") && !this.dots && !/^\\?\./.test(segment)) return false;
    return matches(segment, name, this.style);
  }
}

function mayBeDirectory(e: Pick<Dirent, "type">): boolean {
  return e.type === 4 || e.type === 10 || e.type === 0;
}

async function isDirectory(sys: SysCalls, path: string): Promise<boolean> {
  const st = await attempt(sys.stat(path));
  return st.ok && (st.value.mode & 0o170000) === 0o040000;
}

/** A directory's entries without `.` and `..`; none when it cannot be read. */
export async function entries(sys: SysCalls, dir: string): Promise<Dirent[]> {
  const fd = await attempt(sys.open(dir === "" ? "." : dir, Open.RDONLY | Open.DIRECTORY | Open.CLOEXEC));
  if (!fd.ok) return [];
  const out: Dirent[] = [];
  for (;;) {
    const part = await attempt(sys.getdents(fd.value));
    if (!part.ok || part.value.length === 0) break;
    out.push(...part.value.filter((e) => e.name !== "." && e.name !== ".."));
  }
  await sys.close(fd.value);
  return out;
}
