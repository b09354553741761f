// shadow.ts - data that new code hangs on objects it does not own.
//
// A hash table keyed by object and id. A shadow variable belongs to nobody:
// it stays until somebody frees it, whatever happens to the livepatch.
// Mirrors Linux kernel/livepatch/shadow.c. Knows nothing of livepatch.

import { kfree, kzalloc } from "../../mm/slab";
import { WARN } from "../panic";
import { pr_err } from "../printk/printk";

const HASH_BITS = 8;
const HASH_SIZE: u32 = 1 << HASH_BITS;

@unmanaged
class KlpShadow {
  next: usize;
  obj: usize;
  id: u32;
  size: u32;
}

const klp_shadow_hash = memory.data(1024, 4);

/** Fills new data in; non-zero refuses it. May not sleep. */
export type KlpShadowCtor = (obj: usize, data: usize, ctor_data: usize) => i32;
export type KlpShadowDtor = (obj: usize, data: usize) => void;

/** As Linux: by object alone, so that one walk finds all its ids. */
function bucket(obj: usize): usize {
  const hash = (<u32>obj * 0x61c88647) >> (32 - HASH_BITS);
  return klp_shadow_hash + 4 * hash;
}

function find(obj: usize, id: u32): KlpShadow | null {
  let at = load<usize>(bucket(obj));
  for (; at != 0; at = load<usize>(at)) {
    const s = changetype<KlpShadow>(at);
    if (s.obj == obj && s.id == id) return s;
  }
  return null;
}

function data_of(s: KlpShadow): usize {
  return changetype<usize>(s) + offsetof<KlpShadow>();
}

/** The data hung on obj under id, or 0. */
export function klp_shadow_get(obj: usize, id: u32): usize {
  const s = find(obj, id);
  return s == null ? 0 : data_of(s);
}

function construct(
  s: KlpShadow,
  ctor: KlpShadowCtor | null,
  ctor_data: usize,
): bool {
  if (ctor == null) return true;
  const err = ctor(s.obj, data_of(s), ctor_data);
  if (err == 0) return true;
  pr_err(
    "livepatch: Failed to construct shadow variable <%p, %x> (%d)\n",
    s.obj,
    s.id,
    err,
  );
  return false;
}

function __klp_shadow_get_or_alloc(
  obj: usize,
  id: u32,
  size: u32,
  ctor: KlpShadowCtor | null,
  ctor_data: usize,
  warn_on_exist: bool,
): usize {
  const old = find(obj, id);
  if (old != null) {
    if (!warn_on_exist) return data_of(old);
    WARN("Duplicate shadow variable <%p, %x>", obj, id);
    return 0;
  }
  const at = kzalloc(offsetof<KlpShadow>() + size);
  if (at == 0) return 0;
  const s = changetype<KlpShadow>(at);
  s.obj = obj;
  s.id = id;
  s.size = size;
  if (!construct(s, ctor, ctor_data)) {
    kfree(at);
    return 0;
  }
  s.next = load<usize>(bucket(obj));
  store<usize>(bucket(obj), at);
  return data_of(s);
}

/** New zeroed data for obj and id; 0 when there is some, or no memory. */
export function klp_shadow_alloc(
  obj: usize,
  id: u32,
  size: u32,
  ctor: KlpShadowCtor | null,
  ctor_data: usize,
): usize {
  return __klp_shadow_get_or_alloc(obj, id, size, ctor, ctor_data, true);
}

/** The data that is there, or new data. */
export function klp_shadow_get_or_alloc(
  obj: usize,
  id: u32,
  size: u32,
  ctor: KlpShadowCtor | null,
  ctor_data: usize,
): usize {
  return __klp_shadow_get_or_alloc(obj, id, size, ctor, ctor_data, false);
}

function free_at(link: usize, dtor: KlpShadowDtor | null): void {
  const at = load<usize>(link);
  const s = changetype<KlpShadow>(at);
  store<usize>(link, s.next);
  if (dtor != null) dtor(s.obj, data_of(s));
  kfree(at);
}

/** Frees what hangs on obj under id, if anything. */
export function klp_shadow_free(
  obj: usize,
  id: u32,
  dtor: KlpShadowDtor | null,
): void {
  let link = bucket(obj);
  for (; load<usize>(link) != 0; link = load<usize>(link)) {
    const s = changetype<KlpShadow>(load<usize>(link));
    if (s.obj == obj && s.id == id) return free_at(link, dtor);
  }
}

/** Frees id on every object. */
export function klp_shadow_free_all(id: u32, dtor: KlpShadowDtor | null): void {
  for (let i: u32 = 0; i < HASH_SIZE; i++) {
    let link: usize = klp_shadow_hash + 4 * i;
    while (load<usize>(link) != 0) {
      const s = changetype<KlpShadow>(load<usize>(link));
      if (s.id == id) free_at(link, dtor);
      else link = load<usize>(link);
    }
  }
}
