/** A host for the sample kernel: tasks that sleep, and modules. */

import type { LinkedKernel } from "../../src/kbuild/link";
import { TABLE_SIZE } from "../../src/kbuild/slots";

type Exports = Record<string, CallableFunction & WebAssembly.Global>;

const STACK_SIZE = 4096;
const NORMAL = 0;
const UNWINDING = 1;
const REWINDING = 2;

/** A task of the sample: calls one entry point, sleeps at each switch. */
export interface SampleTask {
  address: number;
  entry: string;
  args: number[];
  state: "fresh" | "asleep" | "done";
  result: number;
}

export class SampleMachine {
  readonly memory = new WebAssembly.Memory({ initial: 4 });
  readonly table = new WebAssembly.Table({
    initial: TABLE_SIZE,
    maximum: TABLE_SIZE,
    element: "anyfunc",
  });
  readonly state = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
  readonly data = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
  readonly lines: string[] = [];
  readonly exports: Exports;
  private nextTask = 0x20000;

  constructor(readonly kernel: LinkedKernel) {
    const module = new WebAssembly.Module(kernel.wasm.slice());
    const instance = new WebAssembly.Instance(module, { env: this.env() });
    this.exports = { ...instance.exports } as Exports;
  }

  env(): Record<string, WebAssembly.ImportValue> {
    return {
      memory: this.memory,
      ftrace: this.table,
      __asyncify_state: this.state,
      __asyncify_data: this.data,
      abort: () => {
        throw new Error("abort");
      },
      print: (text: number, len: number, value: bigint) => {
        this.lines.push(`${this.text(text, len)} ${value}`);
      },
      switch_to: () => this.switchTo(),
      ftrace_set: (dst: number, src: number) => {
        this.table.set(dst, this.table.get(src));
      },
      watchdog_bark: () => {
        throw new Error("soft lockup");
      },
    };
  }

  call(name: string, ...args: number[]): number {
    return this.exports[name]!(...args) as number;
  }

  global(name: string): WebAssembly.Global {
    return this.exports[name]!;
  }

  newTask(entry: string, ...args: number[]): SampleTask {
    const address = this.nextTask;
    this.nextTask += 64 + STACK_SIZE;
    const stack = address + 64;
    const view = this.view();
    view.setUint32(address + 16, stack, true);
    view.setUint32(stack, stack + 8, true);
    view.setUint32(stack + 4, stack + STACK_SIZE, true);
    return { address, entry, args, state: "fresh", result: 0 };
  }

  /** Runs a task until it sleeps or its entry point returns. */
  run(task: SampleTask): void {
    this.call("set_current", task.address);
    if (task.state === "asleep") {
      this.state.value = REWINDING;
      this.data.value = this.stack(task);
    }
    task.result = this.call(task.entry, ...task.args);
    const slept = this.state.value === UNWINDING;
    this.state.value = NORMAL;
    task.state = slept ? "asleep" : "done";
  }

  /** Ids on the record list of a sleeping task, innermost first. */
  frames(task: SampleTask): number[] {
    const view = this.view();
    const stack = this.stack(task);
    const count = view.getUint32(task.address + 20, true);
    return Array.from({ length: count }, (_, i) =>
      view.getUint32(stack + STACK_SIZE - 8 * (i + 1) + 4, true),
    );
  }

  setPatched(task: SampleTask, patched: boolean): void {
    this.view().setInt32(task.address + 24, patched ? 1 : 0, true);
  }

  view(): DataView {
    return new DataView(this.memory.buffer);
  }

  private stack(task: SampleTask): number {
    return this.view().getUint32(task.address + 16, true);
  }

  private switchTo(): void {
    const current = this.exports["kernel/sched/task/current"]!.value as number;
    if (this.state.value === REWINDING) {
      this.state.value = NORMAL;
      this.view().setUint32(current + 20, 0, true);
      return;
    }
    this.state.value = UNWINDING;
    this.data.value = this.view().getUint32(current + 16, true);
  }

  private text(address: number, len: number): string {
    const bytes = new Uint16Array(this.memory.buffer, address, len);
    return String.fromCharCode(...bytes);
  }
}
