/**
 * A file that is added to the kernel before it is edited: what our kernel's
 * reporters have none of (inline and generic functions, default arguments,
 * accessors, structs of one file, state), shown by /proc/extra.
 */

import type { FileMap } from "../../../src/kbuild/compile.ts";
import { edit } from "../../kernelVariant.ts";

export const EXTRA = "fs/proc/extra.ts";

const TEXT = `// extra.ts - /proc/extra.
import { Errno } from "../../abi";
import { kfree, kzalloc } from "../../mm/slab";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

const enum Colour {
  RED = 1,
  GREEN = 2,
  BLUE = 4,
}

const LIMIT = 50;
const WORD = "limit";
let calls: i32 = 4;
const steps = memory.data<i32>([1, 2, 3]);

@unmanaged
class Point {
  x: i32;
  y: i32;
  get sum(): i32 {
    return this.x + this.y + 1;
  }
  set both(v: i32) {
    this.x = v + 1;
    this.y = v;
  }
  swap(): void {
    const x = this.x;
    this.x = this.y;
    this.y = x + 2;
  }
}

// @ts-ignore: decorator
@inline
function twice(v: i32): i32 {
  if (v > 100) return v + 1;
  return v * 2;
}

function scaled(v: i32, by: i32 = 3, plus: i32 = 1): i32 {
  return v * by + plus;
}

function larger<T>(a: T, b: T): T {
  return a > b ? a : b;
}

function check(v: i32): i32 {
  if (v > LIMIT) return -Errno.EINVAL;
  if (v == 0) return -Errno.ENOENT;
  return v + 5;
}

function plus_one(v: i32): i32 {
  return v + 1;
}

function minus_one(v: i32): i32 {
  return v - 1;
}

function apply(f: (v: i32) => i32, v: i32): i32 {
  return f(v) * 10;
}

function colour(v: i32): i32 {
  switch (v) {
    case 1:
      return Colour.GREEN + 10;
    case 2:
      return Colour.BLUE * 3;
    default:
      return Colour.RED;
  }
}

function points(m: SeqFile): void {
  const p = changetype<Point>(kzalloc(offsetof<Point>()));
  p.both = 6;
  p.swap();
  seq_printf(m, "point %d %d %d\\n", p.x, p.y, p.sum);
  kfree(changetype<usize>(p));
}

function extra_proc_show(m: SeqFile, v: usize): i32 {
  calls++;
  seq_printf(m, "%S %d\\n", changetype<usize>(WORD), LIMIT);
  seq_printf(m, "twice %d %d\\n", twice(21), twice(150));
  seq_printf(m, "scaled %d %d\\n", scaled(4), scaled(4, 5));
  seq_printf(m, "larger %d %ld\\n", larger<i32>(3, 4), larger<i64>(9, 2));
  seq_printf(m, "check %d %d %d\\n", check(7), check(70), check(0));
  seq_printf(m, "apply %d %d\\n", apply(plus_one, 3), apply(minus_one, 3));
  seq_printf(m, "colour %d %d %d\\n", colour(1), colour(2), colour(3));
  seq_printf(m, "steps %d %d\\n", load<i32>(steps, 4), calls > 4 ? 1 : 0);
  points(m);
  for (let i = 0; i < 3; i++) {
    seq_printf(m, "line %d\\n", i);
  }
  return 0;
}

export function proc_extra_init(): void {
  proc_create_single("extra", 0, null, extra_proc_show);
}
`;

/** Everything of it that edits may touch. */
export const EXTRA_TARGETS = [
  ...["Colour", "LIMIT", "WORD", "Point", "twice", "scaled", "larger", "check", "plus_one", "minus_one"],
  ...["apply", "colour", "points", "extra_proc_show"],
];

export function withExtra(files: FileMap): FileMap {
  const entries = "fs/proc/entries.ts";
  const loadavg = 'import { proc_loadavg_init } from "./loadavg";\n';
  const imported = edit(files, entries, loadavg, `import { proc_extra_init } from "./extra";\n${loadavg}`);
  const called = edit(
    imported,
    entries,
    "  proc_loadavg_init();\n",
    "  proc_loadavg_init();\n  proc_extra_init();\n",
  );
  return called.set(EXTRA, TEXT);
}
