// seqread.ts - a real path of the kernel: reading a seq_file whose records
// are printed as /proc/meminfo's are. Sleeps nowhere, but may (its mutex).

import { File } from "../fs/fs";
import {
  SeqFile,
  SeqOperations,
  seq_open,
  seq_printf,
  seq_puts,
  seq_read_iter,
} from "../fs/seq_file";
import { nr_free_pages, totalram_pages } from "../mm/page_alloc";
import { kzalloc } from "../mm/slab";

function show_pages(m: SeqFile, name: string, pages: u64): void {
  seq_puts(m, name);
  seq_printf(m, "%8lu kB\n", pages << 2);
}

function show(m: SeqFile, _v: usize): i32 {
  show_pages(m, "MemTotal:       ", totalram_pages());
  show_pages(m, "MemFree:        ", nr_free_pages());
  show_pages(m, "MemAvailable:   ", nr_free_pages());
  show_pages(m, "Buffers:        ", 0);
  return 0;
}

function start(_m: SeqFile, pos: usize): usize {
  return load<u64>(pos) == 0 ? 1 : 0;
}

function next(_m: SeqFile, _v: usize, pos: usize): usize {
  store<u64>(pos, load<u64>(pos) + 1);
  return 0;
}

function stop(_m: SeqFile, _v: usize): void {}

let file: File = changetype<File>(0);
let user_buf: usize = 0;
const pos = memory.data(8, 8);

function open_file(): void {
  const op = changetype<SeqOperations>(kzalloc(offsetof<SeqOperations>()));
  op.start = start;
  op.next = next;
  op.stop = stop;
  op.show = show;
  file = changetype<File>(kzalloc(offsetof<File>()));
  seq_open(file, op);
  user_buf = kzalloc(4096);
}

/** Reads the file n times from its start; the bytes that came. */
export function bench_seqread(n: u32): u32 {
  if (changetype<usize>(file) == 0) open_file();
  let sum: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(pos, 0);
    sum += <u32>seq_read_iter(file, user_buf, 4096, pos);
  }
  return sum;
}
