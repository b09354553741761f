/** Path names and bare names of kernel functions. */

/** `fs/proc/meminfo/meminfo_proc_show` → `meminfo_proc_show`. */
export function bareName(name: string): string {
  const generic = name.indexOf("<");
  const end = generic < 0 ? name.length : generic;
  return name.slice(name.lastIndexOf("/", end) + 1);
}

/** `fs/proc/meminfo.ts` → `fs/proc/meminfo.o`, as build logs name it. */
export function objectName(file: string): string {
  return file.replace(/\.ts$/, ".o");
}

/** File that a path name belongs to when nothing else says so. */
export function fileOf(name: string): string {
  const bare = bareName(name);
  return `${name.slice(0, name.length - bare.length - 1)}.ts`;
}
