import { readFileSync } from "node:fs";
import { Machine, type MachineOptions } from "../src/machine/machine.ts";
import type { Program, SysCalls } from "../src/user/sys.ts";

/** Set by src/setup/run.mjs, whose bundles lie elsewhere than their sources. */
declare const __ROOT__: string | undefined;
const root = typeof __ROOT__ === "string" ? __ROOT__ : new URL("..", import.meta.url).pathname;
const bytes = readFileSync(`${root}build/vmlinux.wasm`);
let compiled: WebAssembly.Module | null = null;

/** The kernel that `npm run build:kernel` linked. */
export function vmlinux(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytes);
  return compiled;
}

/** A file of the root file system: text or bytes, or a program of the host. */
export type TestFile = string | Uint8Array | { program: string };

export interface TestMachine {
  machine: Machine;
  /** Everything written to the terminal so far. */
  output(): string;
}

export interface TestOptions extends Partial<MachineOptions> {
  files?: Record<string, TestFile>;
  /** Sees what is written to the terminal as it is written. */
  onText?: (part: string) => void;
}

const encoder = new TextEncoder();

/** Manifest and blobs of a small root file system. */
function archive(files: Record<string, TestFile>): Uint8Array[] {
  const blobs: Uint8Array[] = [new Uint8Array()];
  let manifest = "";
  for (const dir of ["dev", "proc", "sys", "tmp", "root"]) manifest += `d 755 0 0 ${dir}\n`;
  for (const [path, file] of Object.entries(files)) {
    if (typeof file === "object" && "program" in file) {
      manifest += `x 755 0 0 ${path} -> ${file.program}\n`;
      continue;
    }
    const bytes = typeof file === "string" ? encoder.encode(file) : file;
    manifest += `f 644 ${bytes.length} ${blobs.length} ${path}\n`;
    blobs.push(bytes);
  }
  blobs[0] = encoder.encode(manifest);
  return blobs;
}

/**
 * Added to every machine's command line. KERNEL_CMDLINE="slub_debug=FZP page_poison=1" runs any
 * test while the kernel watches its own memory.
 */
const EXTRA_CMDLINE = process.env.KERNEL_CMDLINE ?? "";

const MEMORY_BUG = /BUG kmalloc-|BUG: Bad page state|pagealloc: memory corruption/;

/** Boots a machine in virtual time whose /sbin/init is `init`. */
export function bootWith(init: Program, options: TestOptions = {}): TestMachine {
  const { files = {}, ...rest } = options;
  const blobs = archive({ "sbin/init": { program: "init" }, ...files });
  let text = "";
  const decoder = new TextDecoder();
  const machine = new Machine({
    vmlinux: rest.vmlinux ?? vmlinux(),
    image: bytes,
    epochNs: 1_795_219_200_000_000_000,
    readBlob: (blob) => blobs[blob] ?? null,
    doJob: () => Promise.reject(new Error("no jobs in this test")),
    onOutput: (bytes) => {
      const part = decoder.decode(bytes, { stream: true });
      if (EXTRA_CMDLINE !== "" && MEMORY_BUG.test(part)) throw new Error(part);
      text += part;
      options.onText?.(part);
    },
    clock: { kind: "virtual" },
    ...rest,
    cmdline: `${EXTRA_CMDLINE} ${rest.cmdline ?? ""}`.trim(),
    programs: new Map([...(options.programs ?? []), ["init", init]]),
  });
  machine.boot();
  return { machine, output: () => text };
}

/**
 * Boots, runs `body` as pid 1 and gives its result; a failed expectation in it
 * fails the test.
 */
export function asInit<T>(body: (sys: SysCalls) => Promise<T>, options?: TestOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const { machine, output } = bootWith(async ({ sys }) => {
      try {
        resolve(await body(sys));
      } catch (error) {
        reject(error as Error);
      }
      await sys.reboot("power-off");
      return 0;
    }, options);
    const stuck = (why: string) => reject(new Error(`${why}\n${output()}`));
    machine.onQuiet = () => stuck("every task waits for ever");
    machine.onHalt = (reason) => stuck(`the machine stopped: ${reason}`);
  });
}
