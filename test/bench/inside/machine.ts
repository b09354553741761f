import type { PackedRootfs } from "../../../src/kbuild/rootfs.ts";
import { compileKernel } from "../../../src/machine/compileKernel.ts";
import { Machine } from "../../../src/machine/machine.ts";
import { rootfs } from "../../../src/machine/rootfs.ts";
import { mountAll } from "../../../src/user/init.ts";
import { programs } from "../../../src/user/programs.ts";
import type { Program, SysCalls } from "../../../src/user/sys.ts";
import type { LoadFile } from "./kernels.ts";

/** What a machine boots from, as a page fetches it. */
export interface Assets {
  vmlinux: Uint8Array;
  packed: PackedRootfs;
  contents: Uint8Array;
}

export async function loadAssets(load: LoadFile): Promise<Assets> {
  const [vmlinux, json, contents] = await Promise.all(
    ["vmlinux.wasm", "rootfs.json", "rootfs.bin"].map(load),
  );
  return {
    vmlinux: vmlinux!,
    packed: JSON.parse(new TextDecoder().decode(json)) as PackedRootfs,
    contents: contents!,
  };
}

export interface BenchMachine {
  machine: Machine;
  output: () => string;
}

/** Programs of the benchmark itself, by name, beside the machine's own. */
export type Extra = Record<string, Program>;

/** Not booted yet; `init` is /sbin/init. */
export function makeMachine(
  assets: Assets,
  init: Program,
  cmdline = "quiet",
  extra: Extra = {},
): BenchMachine {
  const all = new Map([...programs, ...Object.entries(extra), ["init", init]]);
  let text = "";
  const decoder = new TextDecoder();
  const machine = new Machine({
    vmlinux: compileKernel(assets.vmlinux),
    image: assets.vmlinux,
    cmdline,
    epochNs: 0,
    readBlob: rootfs({ ...assets, programs: all.keys() }).readBlob,
    programs: all,
    doJob: () => Promise.reject(new Error("no jobs here")),
    onOutput: (bytes) => (text += decoder.decode(bytes, { stream: true })),
    clock: { kind: "virtual" },
  });
  return { machine, output: () => text };
}

export interface InitOptions {
  cmdline?: string;
  extra?: Extra;
  /** File of the kernel, when it is not the one that ships. */
  vmlinux?: string;
}

/** Boots a machine, runs `body` as pid 1, and gives its result. */
export async function asInit<T>(
  load: LoadFile,
  body: (sys: SysCalls, machine: Machine) => Promise<T>,
  options: InitOptions = {},
): Promise<T> {
  const assets = await loadAssets(load);
  if (options.vmlinux !== undefined) assets.vmlinux = await load(options.vmlinux);
  return new Promise((resolve, reject) => {
    const init: Program = async ({ sys }) => {
      try {
        await mountAll(sys);
        resolve(await body(sys, machine));
      } catch (error) {
        reject(new Error(`${String(error)}\n${output()}`));
      }
      await sys.reboot("power-off");
      return 0;
    };
    const { machine, output } = makeMachine(assets, init, options.cmdline, options.extra);
    const stuck = (why: string) => reject(new Error(`${why}\n${output()}`));
    machine.onQuiet = () => stuck("every task waits for ever");
    machine.onHalt = (reason) => stuck(`the machine stopped: ${reason}`);
    machine.boot();
  });
}

/**
 * A machine whose pid 1 has done `setUp` and now computes for ever: the CPU is
 * its, so kernel functions that do not sleep can be called from outside.
 */
export function standingMachine(
  load: LoadFile,
  setUp: (sys: SysCalls, machine: Machine) => Promise<void>,
  options: InitOptions = {},
): Promise<Machine> {
  return new Promise((resolve, reject) => {
    const body = async (sys: SysCalls, machine: Machine): Promise<void> => {
      await setUp(sys, machine);
      resolve(machine);
      await new Promise(() => undefined);
    };
    asInit(load, body, options).catch(reject);
  });
}
