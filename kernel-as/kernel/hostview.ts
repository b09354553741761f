// hostview.ts - proves the offsets by which the host reads the kernel.
//
// src/machine/status.ts shows tasks and patches without running anything in
// the kernel, so it reads these structs where they lie. No code: a wrong
// number in abi.ts ends the build here.

import { KsymField, RecordField } from "../abi";
import { Ksym, KsymTable } from "./kallsyms";
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
