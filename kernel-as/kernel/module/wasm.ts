// wasm.ts - reads a module file: a Wasm module with sections of ours.
//
// Trusts nothing: every length is checked against the end of what holds it.
// The host checks the code itself when it maps it.
// Linux reads ELF here: elf_validity_check() of kernel/module/main.c.

import { pr_err } from "../printk/printk";

/** A part of the file; addr 0: it has none. */
@unmanaged
export class Section {
  addr: usize;
  len: u32;
}

/** What the loader needs to know about a file. */
@unmanaged
export class LoadInfo {
  image: usize;
  len: u32;
  dylink: usize;
  dylink_len: u32;
  modinfo: usize;
  modinfo_len: u32;
  symtab: usize;
  symtab_len: u32;
  param: usize;
  param_len: u32;
  klp: usize;
  klp_len: u32;
  /** From .modinfo. */
  name: usize;
  /** From dylink.0. */
  mem_size: u32;
  table_size: u32;

  section(i: u32): Section {
    const at = changetype<usize>(this) + offsetof<LoadInfo>("dylink");
    return changetype<Section>(at + i * offsetof<Section>());
  }
}

/** Sections in the order of LoadInfo's fields. */
function section_name(i: u32): string {
  if (i == 0) return "dylink.0";
  if (i == 1) return ".modinfo";
  if (i == 2) return ".symtab";
  return i == 3 ? ".param" : ".klp.funcs";
}
const NR_SECTIONS: u32 = 5;

/** Where leb() reads, and whether it ran over the end. */
let pos: usize = 0;
let end: usize = 0;
let overrun: bool = false;

/** An unsigned LEB128 number of at most 32 bits. */
function leb(): u32 {
  let v: u32 = 0;
  for (let shift: u32 = 0; shift < 35; shift += 7) {
    if (pos >= end) break;
    const byte: u32 = load<u8>(pos++);
    v |= (byte & 127) << shift;
    if (byte < 128) return v;
  }
  overrun = true;
  return 0;
}

function is_name(at: usize, len: u32, name: string): bool {
  if (len != <u32>name.length) return false;
  for (let i: u32 = 0; i < len; i++) {
    const c = load<u8>(changetype<usize>(name) + 2 * i);
    if (load<u8>(at + i) != c) return false;
  }
  return true;
}

/** Notes the custom section between pos and stop. */
function custom_section(info: LoadInfo, stop: usize): void {
  const n = leb();
  if (overrun || n > <u32>(stop - pos)) {
    overrun = true;
    return;
  }
  for (let i: u32 = 0; i < NR_SECTIONS; i++) {
    if (!is_name(pos, n, section_name(i))) continue;
    info.section(i).addr = pos + n;
    info.section(i).len = <u32>(stop - pos) - n;
  }
}

function walk_sections(info: LoadInfo): bool {
  pos = info.image + 8;
  end = info.image + info.len;
  overrun = false;
  while (pos < end) {
    const id = load<u8>(pos++);
    const n = leb();
    if (overrun || n > <u32>(end - pos)) return false;
    const stop = pos + n;
    if (id == 0) custom_section(info, stop);
    if (overrun) return false;
    pos = stop;
  }
  return true;
}

/** Memory and table sizes: subsection 1 of dylink.0. */
function read_dylink(info: LoadInfo): bool {
  pos = info.dylink;
  end = pos + info.dylink_len;
  const kind = leb();
  leb();
  info.mem_size = leb();
  leb();
  info.table_size = leb();
  return !overrun && kind == 1;
}

/** Strings in .modinfo and .symtab must end inside their section. */
function ends_with_nul(addr: usize, len: u32): bool {
  return len == 0 || load<u8>(addr + len - 1) == 0;
}

/** .symtab begins with the numbers of symbols and of functions. */
function symtab_valid(info: LoadInfo): bool {
  if (info.symtab == 0) return true;
  if (info.symtab_len < 8) return false;
  const num = load<u32>(info.symtab);
  if (num > (info.symtab_len - 8) / 24) return false;
  if (3 * load<u32>(info.symtab, 4) != info.table_size) return false;
  for (let i: u32 = 0; i < num; i++) {
    const sym = info.symtab + 8 + 24 * i;
    if (load<u32>(sym) >= info.symtab_len) return false;
    if (load<u32>(sym, 4) >= info.symtab_len) return false;
  }
  return num == 0 || ends_with_nul(info.symtab, info.symtab_len);
}

/** A counted table of 16-byte entries behind head bytes. */
function table_valid(addr: usize, len: u32, head: u32): bool {
  if (addr == 0) return true;
  if (len < head) return false;
  const num = load<u32>(addr);
  if (num > (len - head) / 16) return false;
  return num == 0 || ends_with_nul(addr, len);
}

/** Fills info in from its image; false and a line in the log when it is bad. */
export function wasm_validity_check(info: LoadInfo): bool {
  if (info.len < 8 || load<u64>(info.image) != 0x00000001_6d736100) {
    pr_err("module: Invalid Wasm header magic: != \\0asm\n");
    return false;
  }
  if (!walk_sections(info)) {
    pr_err("module: Invalid Wasm section: runs over the end of the file\n");
    return false;
  }
  if (info.dylink == 0 || info.modinfo == 0) {
    pr_err("module: No module found in object\n");
    return false;
  }
  const ok =
    read_dylink(info) &&
    ends_with_nul(info.modinfo, info.modinfo_len) &&
    symtab_valid(info) &&
    table_valid(info.param, info.param_len, 4) &&
    table_valid(info.klp, info.klp_len, 8);
  if (!ok) pr_err("module: Invalid Wasm section: damaged\n");
  return ok;
}

/** Value of a key of .modinfo, or 0. */
export function get_modinfo(info: LoadInfo, key: string): usize {
  const stop = info.modinfo + info.modinfo_len;
  const n = <u32>key.length;
  let p = info.modinfo;
  while (p < stop) {
    let len: u32 = 0;
    while (load<u8>(p + len) != 0) len++;
    const match = len > n && load<u8>(p + n) == 61 && is_name(p, n, key);
    if (match) return p + n + 1;
    p += len + 1;
  }
  return 0;
}

if (offsetof<LoadInfo>("klp") != offsetof<LoadInfo>("dylink") + 32) {
  ERROR("wasm.ts: LoadInfo begins with sections");
}
