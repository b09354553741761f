// special.ts - device files and pipes: the operations that their type gives.
// Linux has this as init_special_inode() in fs/inode.c.

import { Mode } from "../abi";
import { def_chr_fops } from "./char_dev";
import { Inode } from "./fs";
import { pipefifo_fops } from "./pipe";

/** inode.mode and, for a device, inode.rdev are set. */
export function init_special_inode(inode: Inode): void {
  const type = inode.mode & Mode.IFMT;
  if (type == Mode.IFCHR) inode.fop = def_chr_fops;
  else if (type == Mode.IFIFO) inode.fop = pipefifo_fops;
}
