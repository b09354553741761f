/**
 * The machine as a page's tables show it, read from kernel memory. Reading
 * changes nothing, so a machine that is watched stays equal to its replay.
 */
import {
  KlpField,
  KsymField,
  Limits,
  RecordField,
  TaskField,
  TaskFlag,
  TaskState,
} from "../../kernel-as/abi.ts";
import type { KernelInstance } from "./instance.ts";

export interface Status {
  /** Seconds since boot; never goes back. */
  uptime: number;
  patches: PatchRow[];
  /** The first MAX_TASKS by pid, of `nrTasks`. */
  tasks: TaskRow[];
  nrTasks: number;
}

/** A livepatch that is enabled, or on its way out. */
export interface PatchRow {
  name: string;
  enabled: boolean;
  /** Some task is still in the old code (or, when disabling, in the new). */
  transition: boolean;
  functions: { object: string; name: string }[];
}

export interface TaskRow {
  pid: number;
  comm: string;
  /** As /proc/<pid>/status spells it: R, S, D, T, Z. */
  state: string;
  /** -1: no transition; 0: still old; 1: new. */
  patchState: -1 | 0 | 1;
  /** The kernel function it waits in, as /proc/<pid>/wchan; empty in user mode. */
  wchan: string;
}

/** Addresses of the kernel data that a reader starts from; 0 where the kernel has none. */
export interface StatusRoots {
  klpPatches: number;
  vmlinuxTable: number;
}

/** In a kernel stack: the unwind records, innermost first. */
const RECORDS = Limits.THREAD_SIZE - RecordField.SIZEOF * Limits.NR_RECORDS;

/** More than a table on a page is good for. */
const MAX_TASKS = 200;

/** Functions of the scheduler do not say what a task waits for. */
const IN_SCHED = new Set([
  "schedule",
  "__schedule",
  "context_switch",
  "leave_for",
  "schedule_until",
  "schedule_timeout",
  "schedule_timeout_ns",
]);

/** A list or a table longer than this is memory we misread. */
const MAX_ENTRIES = 100_000;

export class StatusReader {
  /** Names of kernel functions by id: they never change. */
  #names = new Map<number, string>();

  constructor(
    private readonly kernel: KernelInstance,
    private readonly roots: StatusRoots,
  ) {}

  /** @param seconds since boot by the host's clock, which the kernel's may have left behind. */
  read(seconds: number): Status {
    const ktime = this.kernel.globals.get("kernel/time/timekeeping/ktime")?.value as bigint | undefined;
    const uptime = Math.floor(Math.max(seconds, Number(ktime ?? 0n) / 1e9));
    const all = this.#tasks();
    const tasks = all.slice(0, MAX_TASKS).map((task) => this.#task(task));
    return { uptime, patches: this.#patches(), tasks, nrTasks: all.length };
  }

  #u32(address: number): number {
    return this.kernel.mem.u32(address);
  }

  #global(name: string): number {
    return (this.kernel.globals.get(name)?.value as number | undefined) ?? 0;
  }

  /** Owners of the nodes of a circular list; `member` is the node's offset in them. */
  *#list(head: number, member: number): Iterable<number> {
    let node = head === 0 ? head : this.#u32(head);
    for (let n = 0; node !== head && node !== 0 && n < MAX_ENTRIES; n++, node = this.#u32(node)) {
      yield node - member;
    }
  }

  #patches(): PatchRow[] {
    const inTransition = this.#global("kernel/livepatch/transition/klp_transition_patch");
    return [...this.#list(this.roots.klpPatches, KlpField.PATCH_LIST)].map((patch) => ({
      name: this.kernel.mem.cstring(this.#u32(this.#u32(patch + KlpField.PATCH_MOD) + KlpField.MODULE_NAME)),
      enabled: this.kernel.mem.bytes[patch + KlpField.PATCH_ENABLED] !== 0,
      transition: patch === inTransition,
      functions: [...this.#list(patch + KlpField.PATCH_OBJ_LIST, KlpField.OBJECT_NODE)].flatMap((object) =>
        this.#functions(object),
      ),
    }));
  }

  #functions(object: number): PatchRow["functions"] {
    const { mem } = this.kernel;
    const name = this.#u32(object + KlpField.OBJECT_NAME);
    return [...this.#list(object + KlpField.OBJECT_FUNC_LIST, KlpField.FUNC_NODE)].map((func) => ({
      object: name === 0 ? "vmlinux" : mem.cstring(name),
      name: mem.cstring(this.#u32(func + KlpField.FUNC_OLD_NAME)),
    }));
  }

  /** Addresses of all tasks, by pid. */
  #tasks(): number[] {
    const tasks: number[] = [];
    let task = this.#global("kernel/sched/task/init_task");
    for (; task !== 0 && tasks.length < MAX_ENTRIES; task = this.#u32(task + TaskField.NEXT)) {
      tasks.push(task);
    }
    return tasks.sort((a, b) => this.#u32(a + TaskField.PID) - this.#u32(b + TaskField.PID));
  }

  #task(task: number): TaskRow {
    const { mem } = this.kernel;
    const patchState = mem.i32(task + TaskField.PATCH_STATE);
    return {
      pid: mem.i32(task + TaskField.PID),
      comm: mem.comm(task),
      state: letterOf(this.#u32(task + TaskField.STATE)),
      patchState: patchState === 0 || patchState === 1 ? patchState : -1,
      wchan: this.#wchan(task),
    };
  }

  #wchan(task: number): string {
    const flags = this.#u32(task + TaskField.FLAGS);
    if ((flags & TaskFlag.IDLE) !== 0) return "do_idle";
    if ((flags & (TaskFlag.USER | TaskFlag.FRESH)) !== 0 || task === this.kernel.current) return "";
    const records = this.#u32(task + TaskField.STACK) + RECORDS;
    const nr = Math.min(this.#u32(task + TaskField.NR_RECORDS), Limits.NR_RECORDS);
    for (let i = 0; i < nr; i++) {
      const name = this.#nameOf(this.#u32(records + i * RecordField.SIZEOF + RecordField.ID));
      if (!IN_SCHED.has(name)) return name;
    }
    return "";
  }

  /** The bare name of a function id: the kernel's or a loaded module's. */
  #nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const isKernel = (table: number) => table === this.roots.vmlinuxTable;
    for (let table = this.roots.vmlinuxTable; table !== 0; table = this.#u32(table + KsymField.TABLE_NEXT)) {
      const name = this.#nameIn(table, id);
      if (name === null) continue;
      // A module's ids are given to the next one after it.
      if (isKernel(table)) this.#names.set(id, name);
      return name;
    }
    return "?";
  }

  #nameIn(table: number, id: number): string | null {
    const num = Math.min(this.#u32(table + KsymField.TABLE_NUM), MAX_ENTRIES);
    let sym = this.#u32(table + KsymField.TABLE_SYMS);
    for (let i = 0; i < num; i++, sym += KsymField.SIZEOF) {
      const type = this.#u32(sym + KsymField.TYPE) | 32;
      if (type === "t".charCodeAt(0) && this.#u32(sym + KsymField.ID) === id) {
        return this.kernel.mem.cstring(this.#u32(sym + KsymField.NAME));
      }
    }
    return null;
  }
}

function letterOf(state: number): string {
  if ((state & TaskState.ZOMBIE) !== 0) return "Z";
  if ((state & TaskState.DEAD) !== 0) return "X";
  if ((state & TaskState.STOPPED) !== 0) return "T";
  if ((state & TaskState.NOLOAD) !== 0) return "I";
  if ((state & TaskState.UNINTERRUPTIBLE) !== 0) return "D";
  return (state & TaskState.INTERRUPTIBLE) !== 0 ? "S" : "R";
}
