// filesystems.ts - the kinds of file systems. Mirrors fs/filesystems.c.

import { streq_lit } from "../lib/string";
import { FileSystemType } from "./fs";

export let file_systems: FileSystemType | null = null;

export function register_filesystem(fs: FileSystemType, name: string): void {
  fs.name = name;
  fs.nodev = true;
  let last = file_systems;
  while (last != null && last.next != null) last = last.next;
  if (last == null) file_systems = fs;
  else last.next = fs;
}

/** The type of that name (a C string), or null. */
export function get_fs_type(name: usize): FileSystemType | null {
  let fs = file_systems;
  while (fs != null && !streq_lit(name, fs.name)) fs = fs.next;
  return fs;
}
