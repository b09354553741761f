// trace_attr.ts - files of tracefs that one function shows and one stores.
//
// A write is handed over as text that ends with NUL, its last newline taken
// off; the whole write counts as taken unless store() answers -errno.

import { Errno, Open } from "../../abi";
import { File, FileOperations, Fmode, Inode } from "../../fs/fs";
import {
  SeqFile,
  seq_file_of,
  seq_lseek,
  seq_read_iter,
} from "../../fs/seq_file";
import { single_open, single_release } from "../../fs/seq_single";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { Dentry } from "../../fs/fs";
import { kfree, kstrndup, kzalloc } from "../../mm/slab";

@unmanaged
export class TraceAttr {
  show: ((m: SeqFile, v: usize) => i32) | null;
  /** 0 or -errno. */
  store: ((attr: TraceAttr, text: usize) => i32) | null;
  /** The file is opened to be written anew (O_TRUNC); 0 or -errno. */
  truncate: ((attr: TraceAttr) => i32) | null;
  /** Of the file's owner. */
  data: usize;
}

const trace_attr_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);

export function trace_attr_init(): void {
  trace_attr_fops.open = trace_attr_open;
  trace_attr_fops.read = seq_read_iter;
  trace_attr_fops.write = trace_attr_write;
  trace_attr_fops.llseek = seq_lseek;
  trace_attr_fops.release = single_release;
}

/** The attribute whose show() fills m. */
export function trace_attr_of(m: SeqFile): TraceAttr {
  return changetype<TraceAttr>(m.private_data);
}

function show_nothing(_m: SeqFile, _v: usize): i32 {
  return 0;
}

function trace_attr_open(inode: Inode, file: File): i32 {
  const attr = changetype<TraceAttr>(inode.i_private);
  const truncate = attr.truncate;
  if ((file.flags & Open.TRUNC) != 0 && truncate != null) {
    const err = truncate(attr);
    if (err != 0) return err;
  }
  const show = attr.show;
  const reads = (file.mode & Fmode.READ) != 0 && show != null;
  if (!reads) return single_open(file, show_nothing, changetype<usize>(attr));
  return single_open(file, show!, changetype<usize>(attr));
}

function trace_attr_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const attr = changetype<TraceAttr>(seq_file_of(file).private_data);
  const store_fn = attr.store;
  if (store_fn == null) return -Errno.EINVAL;
  const text = kstrndup(buf, count);
  if (text == 0) return -Errno.ENOMEM;
  if (count > 0 && load<u8>(text + count - 1) == 10) {
    store<u8>(text + count - 1, 0);
  }
  const err = store_fn(attr, text);
  kfree(text);
  if (err != 0) return err;
  store<u64>(ppos, load<u64>(ppos) + count);
  return count;
}

/** A file of that name in dir; null without memory. */
export function trace_create_attr(
  name: string,
  mode: u32,
  dir: Dentry | null,
  show: ((m: SeqFile, v: usize) => i32) | null,
  store_fn: ((attr: TraceAttr, text: usize) => i32) | null,
): TraceAttr | null {
  const attr = changetype<TraceAttr>(kzalloc(offsetof<TraceAttr>()));
  if (changetype<usize>(attr) == 0) return null;
  attr.show = show;
  attr.store = store_fn;
  const data = changetype<usize>(attr);
  tracefs_create_file(name, mode, dir, data, trace_attr_fops);
  return attr;
}
