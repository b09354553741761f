// sysfs.ts - /sys/module/<m>: refcnt, initstate, coresize, taint, holders/
// and parameters/.
// Mirrors Linux kernel/module/sysfs.c and the sysfs part of kernel/params.c.

import { Errno } from "../../abi";
import {
  Attribute,
  AttributeGroup,
  KobjAttribute,
  KobjType,
  Kobject,
  SysfsOps,
  attribute_group_add,
  kobj_attr_init,
} from "../../fs/sysfs/sysfs";
import { sysfs_create_file } from "../../fs/sysfs/file";
import { sysfs_create_link, sysfs_remove_link } from "../../fs/sysfs/symlink";
import {
  kobj_sysfs_ops,
  kobject_create_and_add,
  kobject_del,
  kobject_init_and_add,
  kobject_put,
} from "../../lib/kobject";
import { lit } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { kfree, kzalloc } from "../../mm/slab";
import { module_kobj } from "../ksysfs";
import { Module, ModuleState } from "./module";
import {
  KernelParam,
  nr_params,
  param_at,
  param_get,
  param_set,
} from "./params";
import { ModuleUse } from "./resolve";
import { module_flags_taint } from "./taint";

/** The kobject of a module. */
@unmanaged
class ModuleKobject {
  kobj_name: usize;
  kobj_rest0: u64;
  kobj_rest1: u64;
  mod: Module;
}

/** The file of a parameter. */
@unmanaged
class ParamAttribute {
  name: usize;
  lit_name: string;
  mode: u32;
  next: Attribute | null;
  param: KernelParam;
}

const attrs = memory.data(offsetof<KobjAttribute>() * 4, 4);
const module_group = memory.data(offsetof<AttributeGroup>(), 4);
const module_ktype_mem = memory.data(offsetof<KobjType>(), 4);
const param_ktype_mem = memory.data(offsetof<KobjType>(), 4);
const param_ops_mem = memory.data(offsetof<SysfsOps>(), 4);

function mod_of(kobj: Kobject): Module {
  return changetype<ModuleKobject>(kobj).mod;
}

function show_refcnt(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  return snprintf(buf, 16, "%d\n", mod_of(kobj).refcnt);
}

function show_coresize(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  return snprintf(buf, 16, "%u\n", mod_of(kobj).core_size);
}

export function module_state_name(state: u32): string {
  if (state == <u32>ModuleState.LIVE) return "live";
  return state == <u32>ModuleState.COMING ? "coming" : "going";
}

function show_initstate(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  const name = module_state_name(mod_of(kobj).state);
  return snprintf(buf, 16, "%S\n", lit(name));
}

function show_taint(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  const n = module_flags_taint(mod_of(kobj), buf);
  return n + snprintf(buf + n, 2, "\n");
}

function add_attr(
  i: u32,
  name: string,
  show: (kobj: Kobject, attr: KobjAttribute, buf: usize) => isize,
): void {
  const at = attrs + i * offsetof<KobjAttribute>();
  const attr = changetype<KobjAttribute>(at);
  kobj_attr_init(attr, name, 0o444, show, null);
  attribute_group_add(changetype<AttributeGroup>(module_group), attr.attr);
}

function free_kobject(kobj: Kobject): void {
  kfree(changetype<usize>(kobj));
}

function param_attr_show(kobj: Kobject, attr: Attribute, buf: usize): isize {
  return param_get(changetype<ParamAttribute>(attr).param, buf);
}

function param_attr_store(
  kobj: Kobject,
  attr: Attribute,
  buf: usize,
  count: u32,
): isize {
  const err = param_set(changetype<ParamAttribute>(attr).param, buf);
  return err != 0 ? err : count;
}

export function param_sysfs_init(): void {
  add_attr(0, "coresize", show_coresize);
  add_attr(1, "initstate", show_initstate);
  add_attr(2, "refcnt", show_refcnt);
  add_attr(3, "taint", show_taint);
  const ktype = changetype<KobjType>(module_ktype_mem);
  ktype.sysfs_ops = kobj_sysfs_ops;
  ktype.default_group = changetype<AttributeGroup>(module_group);
  ktype.release = free_kobject;
  const ops = changetype<SysfsOps>(param_ops_mem);
  ops.show = param_attr_show;
  ops.store = param_attr_store;
  const params = changetype<KobjType>(param_ktype_mem);
  params.sysfs_ops = ops;
  params.release = free_kobject;
}

/** The directory `parameters` with a file for each; its attributes lie
 * behind its kobject and go with it. 0 or -errno. */
function add_params(mod: Module, kobj: Kobject): i32 {
  const n = nr_params(mod);
  if (n == 0) return 0;
  const size = offsetof<Kobject>() + n * offsetof<ParamAttribute>();
  const at = kzalloc(size);
  if (at == 0) return -Errno.ENOMEM;
  const dir = changetype<Kobject>(at);
  const ktype = changetype<KobjType>(param_ktype_mem);
  const name = changetype<usize>(parameters_name());
  let ret = kobject_init_and_add(dir, ktype, kobj, name);
  mod.params_kobj = at;
  for (let i: u32 = 0; i < n && ret == 0; i++) {
    const attr = changetype<ParamAttribute>(
      at + offsetof<Kobject>() + i * offsetof<ParamAttribute>(),
    );
    attr.param = param_at(mod, i);
    attr.name = attr.param.name;
    attr.mode = 0o644;
    ret = sysfs_create_file(dir, changetype<Attribute>(attr));
  }
  return ret;
}

const parameters = memory.data(16);

function parameters_name(): usize {
  snprintf(parameters, 16, "parameters");
  return parameters;
}

/** This module's name in the holders/ of those it uses. */
function add_holders(mod: Module): i32 {
  for (let u = mod.uses; u != 0; u = load<usize>(u)) {
    const target = changetype<ModuleUse>(u).target;
    const dir = changetype<Kobject>(target.holders_kobj);
    const ret = sysfs_create_link(dir, changetype<Kobject>(mod.kobj), mod.name);
    if (ret != 0) return ret;
  }
  return 0;
}

/** 0 or -errno; what was made goes with mod_sysfs_teardown(). */
export function mod_sysfs_setup(mod: Module): i32 {
  const at = kzalloc(offsetof<ModuleKobject>());
  if (at == 0) return -Errno.ENOMEM;
  const mk = changetype<ModuleKobject>(at);
  mk.mod = mod;
  mod.kobj = at;
  const kobj = changetype<Kobject>(at);
  const ktype = changetype<KobjType>(module_ktype_mem);
  let ret = kobject_init_and_add(kobj, ktype, module_kobj, mod.name);
  if (ret != 0) return ret;
  const holders = kobject_create_and_add("holders", kobj);
  if (holders == null) return -Errno.ENOMEM;
  mod.holders_kobj = changetype<usize>(holders);
  ret = add_params(mod, kobj);
  return ret == 0 ? add_holders(mod) : ret;
}

function drop(kobj: usize): void {
  if (kobj == 0) return;
  kobject_del(changetype<Kobject>(kobj));
  kobject_put(changetype<Kobject>(kobj));
}

export function mod_sysfs_teardown(mod: Module): void {
  for (let u = mod.uses; u != 0; u = load<usize>(u)) {
    const dir = changetype<ModuleUse>(u).target.holders_kobj;
    sysfs_remove_link(changetype<Kobject>(dir), mod.name);
  }
  drop(mod.params_kobj);
  drop(mod.holders_kobj);
  drop(mod.kobj);
  mod.kobj = mod.holders_kobj = mod.params_kobj = 0;
}

if (offsetof<ModuleKobject>("mod") < offsetof<Kobject>()) {
  ERROR("module/sysfs.ts: ModuleKobject begins with a Kobject");
}
