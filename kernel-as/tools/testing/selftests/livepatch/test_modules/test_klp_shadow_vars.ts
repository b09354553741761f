// test_klp_shadow_vars.ts - calls every function of the shadow variable API
// and logs what it gets. Pointers are numbered as they appear.

import {
  klp_shadow_alloc,
  klp_shadow_free,
  klp_shadow_free_all,
  klp_shadow_get,
  klp_shadow_get_or_alloc,
} from "../../../../../kernel/livepatch/shadow";
import { pr_info } from "../../../../../kernel/printk/printk";
import { lit } from "../../../../../lib/string";
import { Errno } from "../../../../../abi";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: shadow variables";

const NR_OBJS: u32 = 3;
const SV_ID1: u32 = 0x1234;
const SV_ID2: u32 = 0x1235;
/** What a pointer takes on Linux. */
const SV_SIZE: u32 = 8;

const objs = memory.data(48, 16);
const nfields1 = memory.data(48, 16);
const nfields2 = memory.data(48, 16);
/** Variables that hold the addresses of the fields. */
const pnfields1 = memory.data(48, 16);
const pnfields2 = memory.data(48, 16);

/** Pointers in order of appearance; number 0 is NULL. */
const ptrs = memory.data(256, 4);
let nr_ptrs: u32 = 1;

function ptr_id(ptr: usize): u32 {
  if (ptr == 0) return 0;
  for (let i: u32 = 1; i < nr_ptrs; i++) {
    if (load<usize>(ptrs + 4 * i) == ptr) return i;
  }
  store<usize>(ptrs + 4 * nr_ptrs, ptr);
  return nr_ptrs++;
}

function shadow_ctor(_obj: usize, data: usize, ctor_data: usize): i32 {
  const var_id = ptr_id(load<usize>(ctor_data));
  store<usize>(data, load<usize>(ctor_data));
  pr_info(
    "test_klp_shadow_vars: shadow_ctor: PTR%u -> PTR%u\n",
    ptr_id(data),
    var_id,
  );
  return 0;
}

function shadow_dtor(obj: usize, data: usize): void {
  pr_info(
    "test_klp_shadow_vars: shadow_dtor(obj=PTR%u, shadow_data=PTR%u)\n",
    ptr_id(obj),
    ptr_id(data),
  );
}

function get(obj: usize, id: u32): usize {
  const sv = klp_shadow_get(obj, id);
  pr_info(
    "test_klp_shadow_vars: klp_shadow_get(obj=PTR%u, id=0x%x) = PTR%u\n",
    ptr_id(obj),
    id,
    ptr_id(sv),
  );
  return sv;
}

function log_alloc(
  name: string,
  obj: usize,
  id: u32,
  pvar: usize,
  sv: usize,
): void {
  const ctor = ptr_id(changetype<usize>(shadow_ctor));
  pr_info(
    "test_klp_shadow_vars: %S(obj=PTR%u, id=0x%x, size=%u, gfp_flags=GFP_KERNEL), ctor=PTR%u, ctor_data=PTR%u = PTR%u\n",
    lit(name),
    ptr_id(obj),
    id,
    SV_SIZE,
    ctor,
    ptr_id(load<usize>(pvar)),
    ptr_id(sv),
  );
}

function alloc(obj: usize, id: u32, pvar: usize): usize {
  const sv = klp_shadow_alloc(obj, id, SV_SIZE, shadow_ctor, pvar);
  log_alloc("klp_shadow_alloc", obj, id, pvar, sv);
  return sv;
}

function get_or_alloc(obj: usize, id: u32, pvar: usize): usize {
  const sv = klp_shadow_get_or_alloc(obj, id, SV_SIZE, shadow_ctor, pvar);
  log_alloc("klp_shadow_get_or_alloc", obj, id, pvar, sv);
  return sv;
}

function expect_null(sv: usize): bool {
  if (sv == 0) pr_info("test_klp_shadow_vars:   got expected NULL result\n");
  return sv == 0;
}

/** Whether sv holds the address that pvar holds. */
function expect_var(sv: usize, pvar: usize): bool {
  if (sv == 0 || load<usize>(sv) != load<usize>(pvar)) return false;
  pr_info(
    "test_klp_shadow_vars:   got expected PTR%u -> PTR%u result\n",
    ptr_id(sv),
    ptr_id(load<usize>(sv)),
  );
  return true;
}

function obj(i: u32): usize {
  return objs + 16 * i;
}

function var1(i: u32): usize {
  return pnfields1 + 16 * i;
}

function var2(i: u32): usize {
  return pnfields2 + 16 * i;
}

function allocate_all(): bool {
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    store<usize>(var1(i), nfields1 + 16 * i);
    store<usize>(var2(i), nfields2 + 16 * i);
  }
  return (
    get_or_alloc(obj(0), SV_ID1, var1(0)) != 0 &&
    alloc(obj(0), SV_ID2, var2(0)) != 0 &&
    alloc(obj(1), SV_ID1, var1(1)) != 0 &&
    alloc(obj(1), SV_ID2, var2(1)) != 0 &&
    get_or_alloc(obj(2), SV_ID1, var1(2)) != 0 &&
    alloc(obj(2), SV_ID2, var2(2)) != 0
  );
}

/** What was allocated is found, and not made a second time. */
function find_all(): bool {
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    if (!expect_var(get(obj(i), SV_ID1), var1(i))) return false;
    if (!expect_var(get(obj(i), SV_ID2), var2(i))) return false;
  }
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    const sv = get_or_alloc(obj(i), SV_ID1, var1(i));
    if (!expect_var(sv, var1(i))) return false;
  }
  return true;
}

/** The first id goes object by object; the second one stays. */
function free_one_by_one(): bool {
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    klp_shadow_free(obj(i), SV_ID1, shadow_dtor);
    pr_info(
      "test_klp_shadow_vars: klp_shadow_free(obj=PTR%u, id=0x%x, dtor=PTR%u)\n",
      ptr_id(obj(i)),
      SV_ID1,
      ptr_id(changetype<usize>(shadow_dtor)),
    );
    if (!expect_null(get(obj(i), SV_ID1))) return false;
  }
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    if (!expect_var(get(obj(i), SV_ID2), var2(i))) return false;
  }
  return true;
}

function free_all(): bool {
  klp_shadow_free_all(SV_ID2, null);
  pr_info(
    "test_klp_shadow_vars: klp_shadow_free_all(id=0x%x, dtor=PTR0)\n",
    SV_ID2,
  );
  for (let i: u32 = 0; i < NR_OBJS; i++) {
    if (!expect_null(get(obj(i), SV_ID2))) return false;
  }
  return true;
}

export function init_module(): i32 {
  const ok =
    expect_null(get(obj(0), SV_ID1)) &&
    allocate_all() &&
    find_all() &&
    free_one_by_one() &&
    free_all();
  if (ok) return 0;
  klp_shadow_free_all(SV_ID1, null);
  klp_shadow_free_all(SV_ID2, null);
  return -Errno.EINVAL;
}

export function cleanup_module(): void {}
