// versions.ts - the bodies that calls of one site may have started.
//
// A site may hold a plain function only when no stack holds a frame of a
// different version: a frame must be resumed by the code that made it.
// settle.ts finds out; a version is `clean` from then on, until calls may
// run it again. A site that was never redirected has no versions at all.

import { kfree, kzalloc } from "../../mm/slab";
import { DynFtrace, FtracePage, find_ftrace_page } from "./dyn_ftrace";

@unmanaged
export class FtraceVersion {
  next: usize;
  /** Function id. */
  id: u32;
  /** New calls may be sent to it. */
  attached: bool;
  /** No stack holds a frame of it. */
  clean: bool;
}

function find_version(rec: DynFtrace, id: u32): FtraceVersion | null {
  for (let v = rec.versions; v != 0; v = load<usize>(v)) {
    const version = changetype<FtraceVersion>(v);
    if (version.id == id) return version;
  }
  return null;
}

/** From now on calls recorded by rec may run id. False: out of memory. */
export function ftrace_add_version(rec: DynFtrace, id: u32): bool {
  let v = find_version(rec, id);
  if (v == null) {
    const at = kzalloc(offsetof<FtraceVersion>());
    if (at == 0) return false;
    v = changetype<FtraceVersion>(at);
    v.id = id;
    v.next = rec.versions;
    rec.versions = at;
  }
  v.attached = true;
  v.clean = false;
  return true;
}

/** No new call runs id; frames of it may remain. */
export function ftrace_detach_version(rec: DynFtrace, id: u32): void {
  const v = find_version(rec, id);
  if (v != null) v.attached = false;
}

/** Whether no frame of a version other than keep can be on a stack. */
export function versions_clean(rec: DynFtrace, keep: u32): bool {
  for (let v = rec.versions; v != 0; v = load<usize>(v)) {
    const version = changetype<FtraceVersion>(v);
    if (version.id != keep && !version.clean) return false;
  }
  return true;
}

export function dirty_versions(rec: DynFtrace): void {
  for (let v = rec.versions; v != 0; v = load<usize>(v)) {
    changetype<FtraceVersion>(v).clean = false;
  }
}

function del_version(rec: DynFtrace, version: FtraceVersion): void {
  let link = changetype<usize>(rec) + offsetof<DynFtrace>("versions");
  while (load<usize>(link) != changetype<usize>(version)) {
    link = load<usize>(link);
  }
  store<usize>(link, version.next);
  kfree(changetype<usize>(version));
}

/** Frees the versions that are neither attached nor on a stack. */
export function prune_versions(rec: DynFtrace): void {
  let v = rec.versions;
  while (v != 0) {
    const version = changetype<FtraceVersion>(v);
    v = version.next;
    if (!version.attached && version.clean) del_version(rec, version);
  }
}

/** Frees those whose code is in page, or all: the code goes away. */
export function forget_versions(rec: DynFtrace, page: FtracePage | null): void {
  let v = rec.versions;
  while (v != 0) {
    const version = changetype<FtraceVersion>(v);
    v = version.next;
    if (page == null || find_ftrace_page(version.id) == page) {
      del_version(rec, version);
    }
  }
}
