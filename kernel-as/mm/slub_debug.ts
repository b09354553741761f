// slub_debug.ts - finds who writes where it must not: slub_debug=FZP.
//
// With any option each object has 16 bytes more behind it:
//
//   | object, of the cache's size | red zone 8 | freelist 4 | asked size 4 |
//
//   F  what is freed must be an object, and in use
//   Z  what lies behind the bytes that were asked for must stay as it was
//   P  a free object is full of 0x6b: whoever uses it reads nonsense, and
//      whoever writes it is found when the object is handed out again
//
// Without slub_debug nothing here runs. A finding taints the kernel (B) and
// is repaired. Linux 7 calls the option slab_debug and still knows this
// name. Mirrors the debugging part of Linux mm/slub.c, whose words it prints.

import { cmdline_find } from "../kernel/cmdline";
import { pr_err } from "../kernel/printk/printk";
import { Taint, add_taint, print_tainted } from "../kernel/taint";
import { lit } from "../lib/string";
import { snprintf } from "../lib/vsprintf";

export const enum SlubDebug {
  CONSISTENCY_CHECKS = 1,
  RED_ZONE = 2,
  POISON = 4,
}

/** Bytes behind an object while any option is on. */
export const SLUB_META: usize = 16;

const POISON_FREE: u8 = 0x6b;
const POISON_END: u8 = 0xa5;
const RED_INACTIVE: u8 = 0xbb;
const RED_ACTIVE: u8 = 0xcc;

/** SlubDebug bits. */
export let slub_debug: u32 = 0;

const name = memory.data(64);
const line = memory.data(160);

function option(letter: u8): u32 {
  if (letter == 70) return SlubDebug.CONSISTENCY_CHECKS;
  if (letter == 90) return SlubDebug.RED_ZONE;
  if (letter == 80) return SlubDebug.POISON;
  return 0;
}

function parse(p: usize): void {
  for (; load<u8>(p) > 32 && load<u8>(p) != 44; p++) {
    const c = load<u8>(p) & 0xdf;
    if (option(c) != 0) slub_debug |= option(c);
    else pr_err("slab_debug option '%c' unknown. skipped\n", load<u8>(p));
  }
}

/** Reads slub_debug= or slab_debug=; before the first object is made. */
export function setup_slub_debug(cmdline: usize): void {
  const old = cmdline_find(cmdline, "slub_debug");
  const now = cmdline_find(cmdline, "slab_debug");
  if (old != 0) parse(old);
  if (now != 0) parse(now);
}

/** Where a free object's freelist pointer lies. */
export function slub_freeptr(obj: usize, size: usize): usize {
  return slub_debug == 0 ? obj : obj + size + 8;
}

/** Bytes that were asked for. */
export function slub_orig_size(obj: usize, size: usize): u32 {
  return load<u32>(obj + size + 12);
}

// Reports.

function cache_name(size: usize): void {
  if (size < 1024) snprintf(name, 32, "kmalloc-%u", size);
  else snprintf(name, 32, "kmalloc-%uk", size >> 10);
}

function slab_bug(size: usize, what: usize, end: string): void {
  cache_name(size);
  print_tainted(line);
  const rule = lit(
    "=============================================================================",
  );
  pr_err("%S\n", rule);
  pr_err("BUG %s (%s): %S%S\n", name, line, what, lit(end));
  pr_err(
    "-----------------------------------------------------------------------------\n",
  );
  add_taint(Taint.BAD_PAGE);
}

/** Up to 16 bytes in hex. */
function print_section(what: string, from: usize, n: usize): void {
  let len: u32 = 0;
  for (let i: usize = 0; i < min<usize>(n, 16); i++) {
    len += snprintf(line + len, 160 - len, " %02x", load<u8>(from + i));
  }
  pr_err("%S 0x%08x:%s\n", lit(what), from, line);
}

function bad_bytes(
  size: usize,
  obj: usize,
  what: string,
  from: usize,
  end: usize,
  want: u8,
): void {
  const slab = obj & ~4095;
  slab_bug(size, lit(what), " overwritten");
  pr_err(
    "0x%08x-0x%08x @offset=%u. First byte 0x%x instead of 0x%x\n",
    from,
    end - 1,
    from - slab,
    load<u8>(from),
    want,
  );
  pr_err("Object 0x%08x @offset=%u\n", obj, obj - slab);
  print_section("Object  ", obj, size);
  print_section("Redzone ", obj + size, 8);
  pr_err(
    "FIX %s: Restoring %S 0x%08x-0x%08x=0x%x\n",
    name,
    lit(what),
    from,
    end - 1,
    want,
  );
  memory.fill(from, want, end - from);
}

/** Whether [from, to) holds nothing but want; if not, says so and repairs. */
function check_bytes(
  size: usize,
  obj: usize,
  what: string,
  from: usize,
  to: usize,
  want: u8,
): bool {
  while (from < to && load<u8>(from) == want) from++;
  if (from == to) return true;
  while (load<u8>(to - 1) == want) to--;
  bad_bytes(size, obj, what, from, to, want);
  return false;
}

// Objects change hands.

/** A free object: nobody's, so it looks as it was left. */
export function slub_init_free(obj: usize, size: usize): void {
  if ((slub_debug & SlubDebug.POISON) != 0) {
    memory.fill(obj, POISON_FREE, size - 1);
    store<u8>(obj + size - 1, POISON_END);
  }
  memory.fill(obj + size, RED_INACTIVE, 8);
}

export function slub_check_free(obj: usize, size: usize): void {
  if ((slub_debug & SlubDebug.RED_ZONE) != 0) {
    const zone = obj + size;
    const what = "Right Redzone";
    check_bytes(size, obj, what, zone, zone + 8, RED_INACTIVE);
  }
  if ((slub_debug & SlubDebug.POISON) == 0) return;
  const end = obj + size - 1;
  check_bytes(size, obj, "Poison", obj, end, POISON_FREE);
  check_bytes(size, obj, "End Poison", end, end + 1, POISON_END);
}

/** Hands obj out, of which asked bytes are the owner's. */
export function slub_init_active(obj: usize, size: usize, asked: usize): void {
  store<u32>(obj + size + 12, <u32>asked);
  if ((slub_debug & SlubDebug.RED_ZONE) != 0) {
    memory.fill(obj + asked, RED_ACTIVE, size + 8 - asked);
  }
}

export function slub_check_active(obj: usize, size: usize): void {
  if ((slub_debug & SlubDebug.RED_ZONE) == 0) return;
  const zone = obj + slub_orig_size(obj, size);
  check_bytes(size, obj, "kmalloc Redzone", zone, obj + size + 8, RED_ACTIVE);
}

/** Whether p may be freed: an object of the slab, and in use. */
export function slub_free_consistency(
  p: usize,
  size: usize,
  freelist: usize,
): bool {
  if ((slub_debug & SlubDebug.CONSISTENCY_CHECKS) == 0) return true;
  if ((p & 4095) % (size + SLUB_META) != 0) {
    slab_bug(size, lit("Invalid object pointer"), "");
    pr_err("FIX %s: Object at 0x%08x not freed\n", name, p);
    return false;
  }
  for (let f = freelist; f != 0; f = load<usize>(slub_freeptr(f, size))) {
    if (f != p) continue;
    slab_bug(size, lit("Object already free"), "");
    pr_err("FIX %s: Object at 0x%08x not freed\n", name, p);
    return false;
  }
  return true;
}
