// hostview.ts - proves the offsets by which the host reads the kernel.
//
// src/machine/status.ts shows tasks and patches without running anything in
// the kernel, so it reads these structs where they lie. No code: a wrong
// number in abi.ts ends the build here.

import { KlpField, KsymField, RecordField } from "../abi";
import { KlpFunc, KlpObject, KlpPatch } from "../include/linux/livepatch";
import { Ksym, KsymTable } from "./kallsyms";
import { Module } from "./module/module";
import { UnwindRecord } from "./unwind";

if (offsetof<UnwindRecord>("pos") != RecordField.POS)
  ERROR("abi.ts: RecordField.POS");
if (offsetof<UnwindRecord>("id") != RecordField.ID)
  ERROR("abi.ts: RecordField.ID");
if (offsetof<UnwindRecord>() != RecordField.SIZEOF)
  ERROR("abi.ts: RecordField.SIZEOF");

if (offsetof<KsymTable>("next") != KsymField.TABLE_NEXT)
  ERROR("abi.ts: KsymField.TABLE_NEXT");
if (offsetof<KsymTable>("syms") != KsymField.TABLE_SYMS)
  ERROR("abi.ts: KsymField.TABLE_SYMS");
if (offsetof<KsymTable>("num") != KsymField.TABLE_NUM)
  ERROR("abi.ts: KsymField.TABLE_NUM");
if (offsetof<Ksym>("name") != KsymField.NAME) ERROR("abi.ts: KsymField.NAME");
if (offsetof<Ksym>("id") != KsymField.ID) ERROR("abi.ts: KsymField.ID");
if (offsetof<Ksym>("type") != KsymField.TYPE) ERROR("abi.ts: KsymField.TYPE");
if (offsetof<Ksym>() != KsymField.SIZEOF) ERROR("abi.ts: KsymField.SIZEOF");

if (offsetof<KlpPatch>("mod") != KlpField.PATCH_MOD)
  ERROR("abi.ts: KlpField.PATCH_MOD");
if (offsetof<KlpPatch>("enabled") != KlpField.PATCH_ENABLED)
  ERROR("abi.ts: KlpField.PATCH_ENABLED");
if (offsetof<KlpPatch>("list_next") != KlpField.PATCH_LIST)
  ERROR("abi.ts: KlpField.PATCH_LIST");
if (offsetof<KlpPatch>("obj_list_next") != KlpField.PATCH_OBJ_LIST)
  ERROR("abi.ts: KlpField.PATCH_OBJ_LIST");
if (offsetof<KlpObject>("name") != KlpField.OBJECT_NAME)
  ERROR("abi.ts: KlpField.OBJECT_NAME");
if (offsetof<KlpObject>("func_list_next") != KlpField.OBJECT_FUNC_LIST)
  ERROR("abi.ts: KlpField.OBJECT_FUNC_LIST");
if (offsetof<KlpObject>("node_next") != KlpField.OBJECT_NODE)
  ERROR("abi.ts: KlpField.OBJECT_NODE");
if (offsetof<KlpFunc>("old_name") != KlpField.FUNC_OLD_NAME)
  ERROR("abi.ts: KlpField.FUNC_OLD_NAME");
if (offsetof<KlpFunc>("node_next") != KlpField.FUNC_NODE)
  ERROR("abi.ts: KlpField.FUNC_NODE");
if (offsetof<Module>("name") != KlpField.MODULE_NAME)
  ERROR("abi.ts: KlpField.MODULE_NAME");
