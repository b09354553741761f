/**
 * Kernel functions and declarations that only report, or decide about a system
 * call of the task that makes it: what an edit of them changes can be seen, and
 * nothing else changes.
 */

import ts from "typescript";
import type { FileMap } from "../../../src/kbuild/compile.ts";
import { declarationEdits, defaultArguments } from "./declarations.ts";
import { type Edit, sourceOf } from "./edit.ts";
import { EXTRA, EXTRA_TARGETS } from "./extra.ts";
import { bodyEdits } from "./grammar.ts";
import { neutralInBody, neutralInFile } from "./neutral.ts";

const TARGETS: Record<string, string[]> = {
  [EXTRA]: EXTRA_TARGETS,
  "fs/proc/version.ts": ["version_proc_show"],
  "fs/proc/cpuinfo.ts": ["show_cpuinfo"],
  "fs/proc/filesystems.ts": ["filesystems_proc_show"],
  "fs/proc/devices.ts": ["devinfo_show"],
  "fs/proc/cmdline.ts": ["cmdline_proc_show"],
  "fs/proc/loadavg.ts": ["LOAD_INT", "LOAD_FRAC", "loadavg_proc_show"],
  "fs/proc/uptime.ts": ["NSEC_PER_SEC", "NSEC_PER_CSEC", "uptime_proc_show"],
  "fs/proc/meminfo.ts": ["show_val_kb", "meminfo_proc_show"],
  "fs/proc/stat.ts": ["nr_blocked", "show_stat"],
  "fs/proc/array.ts": [
    ...["parent_pid", "task_ids", "task_sig", "proc_pid_status"],
    ...["tty_nr", "tty_pgrp", "proc_tgid_stat", "comm_show"],
  ],
  "fs/proc/fd.ts": ["fd_mode"],
  "fs/proc_namespace.ts": ["show_mnt_opts", "show_vfsmnt"],
  "fs/stat.ts": ["put_time", "inode_blocks", "cp_new_stat"],
  "fs/statfs.ts": ["fill_statfs"],
  "fs/umask.ts": ["__x64_sys_umask"],
  "fs/read_write.ts": [
    "generic_file_llseek_size",
    "noop_llseek",
    "no_llseek",
    "vfs_llseek",
    "__x64_sys_lseek",
  ],
  "fs/fcntl.ts": ["setfl", "do_fcntl", "__x64_sys_fcntl"],
  "fs/open.ts": ["do_faccessat", "__x64_sys_ftruncate"],
  "fs/utimes.ts": ["new_time", "may_utime"],
  "kernel/uts.ts": ["UTS_SYSNAME", "UTS_MACHINE", "__x64_sys_newuname"],
  "kernel/sysctl.ts": [
    ...["ostype_get", "osrelease_get", "version_get", "hostname_get", "pid_max_get", "printk_get"],
  ],
  "kernel/sys.ts": [
    ...["__x64_sys_getpid", "__x64_sys_getppid", "__x64_sys_getuid", "__x64_sys_geteuid", "__x64_sys_getgid"],
    ...["__x64_sys_setuid", "__x64_sys_setgid", "__x64_sys_setpgid", "__x64_sys_getpgid", "__x64_sys_getsid"],
    ...["__x64_sys_setsid", "__x64_sys_sysinfo"],
  ],
  "kernel/time/time.ts": ["__x64_sys_clock_gettime", "__x64_sys_times"],
  "lib/dynamic_debug_control.ts": ["put_line"],
};

/** All edits of the targets, in the order of the source. */
export function editsOf(files: FileMap): Edit[] {
  return Object.entries(TARGETS).flatMap(([file, names]) => {
    const source = sourceOf(files, file);
    const ofTargets = names.flatMap((name) => {
      const node = source.node.statements.find((s) => declares(s, name));
      if (node === undefined) throw new Error(`${file} has no ${name}`);
      return editsIn(source, node, name);
    });
    return [...ofTargets, ...neutralInFile(source)].filter((e) => !isEmpty(source.text, e));
  });
}

/** A word without a letter has no other. */
const isEmpty = (text: string, { changes }: Edit): boolean =>
  changes.every((c) => text.slice(c.from, c.to) === c.text);

function editsIn(source: ReturnType<typeof sourceOf>, node: ts.Statement, name: string): Edit[] {
  if (ts.isFunctionDeclaration(node)) {
    return [...bodyEdits(source, node), ...neutralInBody(source, node), ...defaultArguments(source, node)];
  }
  const isBody = (m: ts.Node) => ts.isMethodDeclaration(m) || ts.isAccessor(m);
  const methods = ts.isClassDeclaration(node) ? node.members.filter(isBody) : [];
  const inMethods = methods.flatMap((m) => [...bodyEdits(source, m), ...neutralInBody(source, m)]);
  return [...declarationEdits(source, node, name), ...inMethods];
}

function declares(node: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.some((d) => d.name.getText() === name);
  }
  const named = ts.isFunctionDeclaration(node) || ts.isEnumDeclaration(node) || ts.isClassDeclaration(node);
  return named && node.name?.text === name;
}
