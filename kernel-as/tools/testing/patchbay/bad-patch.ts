// bad-patch.ts - a livepatch that declares what must be refused.
//
// what says which mistake it makes; each is a row of the table of refusals
// in test/livepatch/refusals.test.ts.

import { Errno } from "../../../abi";
import { SeqFile } from "../../../fs/seq_file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
  klp_func_at,
  klp_object_at,
} from "../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../kernel/livepatch/core";
import {
  klp_shadow_alloc,
  klp_shadow_free,
} from "../../../kernel/livepatch/shadow";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: mistakes of authors";
export const MODULE_INFO_livepatch = "Y";

export let what: i32 = 0;
export const MODULE_PARM_what = "the mistake (default=none)";

const enum Mistake {
  NONE = 0,
  NO_OBJECTS = 1,
  NO_FUNCTION_ARRAY = 2,
  NO_OLD_NAME = 3,
  NO_NEW_FUNC = 4,
  LONG_FUNCTION_NAME = 5,
  LONG_OBJECT_NAME = 6,
  TWICE = 7,
  UNKNOWN = 8,
  AMBIGUOUS = 9,
  BEYOND = 10,
  NOTRACE = 11,
  PRE_PATCH = 12,
  DATA = 13,
  SHADOW = 14,
  MODULE_FUNCTION = 15,
  MODULE_DATA = 16,
}

const funcs = memory.data(offsetof<KlpFunc>() * 3, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);
const long_name = memory.data(600);

function bad_patch_show(_m: SeqFile, _v: usize): i32 {
  return 0;
}

function pre_patch(_obj: KlpObject): i32 {
  return -Errno.EPERM;
}

function bad_ctor(_obj: usize, _data: usize, _ctor_data: usize): i32 {
  return -Errno.EPERM;
}

/** The warnings of the shadow API, which refuse nothing else. */
function misuse_shadow(): i32 {
  klp_shadow_alloc(funcs, 0x77, 8, null, 0);
  klp_shadow_alloc(funcs, 0x77, 8, null, 0);
  klp_shadow_alloc(objs, 0x78, 8, bad_ctor, 0);
  klp_shadow_free(funcs, 0x77, null);
  klp_shadow_free(funcs, 0x77, null);
  return 0;
}

function declare(old_name: string, sympos: u32 = 0): void {
  const new_func = changetype<usize>(bad_patch_show);
  klp_declare_func(funcs, 0, old_name, new_func, sympos);
}

function make_mistake(): void {
  const func = klp_func_at(funcs, 0);
  const obj = klp_object_at(objs, 0);
  if (what == Mistake.NO_NEW_FUNC) func.new_func = 0;
  if (what == Mistake.NO_OLD_NAME) func.name = 0;
  if (what == Mistake.UNKNOWN) declare("no_such_function");
  if (what == Mistake.AMBIGUOUS) declare("add");
  if (what == Mistake.BEYOND) declare("add", 99);
  if (what == Mistake.NOTRACE) declare("ftrace_caller");
  if (what == Mistake.DATA) declare("klp_mutex");
  if (what == Mistake.PRE_PATCH) obj.pre_patch = pre_patch;
  if (what == Mistake.LONG_FUNCTION_NAME) {
    memory.fill(long_name, 97, 512);
    func.name = 0;
    func.old_name = long_name;
  }
  if (what == Mistake.LONG_OBJECT_NAME) {
    memory.fill(long_name, 97, 56);
    obj.name = long_name;
  }
  if (what == Mistake.TWICE) {
    const new_func = changetype<usize>(bad_patch_show);
    klp_declare_func(funcs, 1, "version_proc_show", new_func);
  }
}

export function init_module(): i32 {
  if (what == Mistake.SHADOW) return misuse_shadow();
  declare("version_proc_show");
  if (what != Mistake.NO_OBJECTS) {
    klp_declare_object(objs, 0, null, funcs);
    make_mistake();
  }
  if (what == Mistake.MODULE_FUNCTION || what == Mistake.MODULE_DATA) {
    declare(what == Mistake.MODULE_DATA ? "ms" : "no_such_function");
    klp_declare_object(objs, 0, "slow_target", funcs);
  }
  if (what == Mistake.NO_FUNCTION_ARRAY) {
    klp_declare_object(objs, 0, "no_functions", 0);
  }
  const p = klp_declare_patch(patch, what == Mistake.NO_OBJECTS ? 0 : objs);
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
