// hostview.ts - proves the offsets by which the host reads the kernel.
//
// src/machine/status.ts shows tasks and patches, and src/machine/diskReader.ts
// files, without running anything in the kernel: they read these structs where
// they lie. No code: a wrong
// number in abi.ts ends the build here.

import { FsField, KlpField, KsymField, RecordField } from "../abi";
import { Dentry, Inode, Mount, SuperBlock } from "../fs/fs";
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

if (offsetof<Mount>("sb") != FsField.MOUNT_SB)
  ERROR("abi.ts: FsField.MOUNT_SB");
if (offsetof<SuperBlock>("root") != FsField.SB_ROOT)
  ERROR("abi.ts: FsField.SB_ROOT");
if (offsetof<Inode>("size") != FsField.INODE_SIZE)
  ERROR("abi.ts: FsField.INODE_SIZE");
if (offsetof<Inode>("mtime") != FsField.INODE_MTIME)
  ERROR("abi.ts: FsField.INODE_MTIME");
if (offsetof<Inode>("ino") != FsField.INODE_INO)
  ERROR("abi.ts: FsField.INODE_INO");
if (offsetof<Inode>("mode") != FsField.INODE_MODE)
  ERROR("abi.ts: FsField.INODE_MODE");
if (offsetof<Inode>("nlink") != FsField.INODE_NLINK)
  ERROR("abi.ts: FsField.INODE_NLINK");
if (offsetof<Inode>("uid") != FsField.INODE_UID)
  ERROR("abi.ts: FsField.INODE_UID");
if (offsetof<Inode>("gid") != FsField.INODE_GID)
  ERROR("abi.ts: FsField.INODE_GID");
if (offsetof<Inode>("rdev") != FsField.INODE_RDEV)
  ERROR("abi.ts: FsField.INODE_RDEV");
if (offsetof<Inode>("i_link") != FsField.INODE_LINK)
  ERROR("abi.ts: FsField.INODE_LINK");
if (offsetof<Inode>("pages") != FsField.INODE_PAGES)
  ERROR("abi.ts: FsField.INODE_PAGES");
if (offsetof<Inode>("pages_max") != FsField.INODE_PAGES_MAX)
  ERROR("abi.ts: FsField.INODE_PAGES_MAX");
if (offsetof<Inode>("nr_pages") != FsField.INODE_NR_PAGES)
  ERROR("abi.ts: FsField.INODE_NR_PAGES");
if (offsetof<Inode>("blob") != FsField.INODE_BLOB)
  ERROR("abi.ts: FsField.INODE_BLOB");
if (offsetof<Inode>("backed_size") != FsField.INODE_BACKED_SIZE)
  ERROR("abi.ts: FsField.INODE_BACKED_SIZE");
if (offsetof<Dentry>("name") != FsField.DENTRY_NAME)
  ERROR("abi.ts: FsField.DENTRY_NAME");
if (offsetof<Dentry>("inode") != FsField.DENTRY_INODE)
  ERROR("abi.ts: FsField.DENTRY_INODE");
if (offsetof<Dentry>("sibling_next") != FsField.DENTRY_SIBLING)
  ERROR("abi.ts: FsField.DENTRY_SIBLING");
if (offsetof<Dentry>("children_next") != FsField.DENTRY_CHILDREN)
  ERROR("abi.ts: FsField.DENTRY_CHILDREN");
