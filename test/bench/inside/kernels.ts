import { KernelInstance } from "../../../src/machine/instance.ts";

export type LoadFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Calls an entry point of the workload with a count; its checksum. */
export type Entry = (n: number) => number;

/**
 * A kernel booted to the idle task, with no task and no host behind it:
 * enough to call kernel functions that do not sleep.
 */
export async function bareKernel(load: LoadFile, file: string, nonce = 0): Promise<KernelInstance> {
  const image = withNonce(await load(file), nonce);
  const kernel = new KernelInstance(new WebAssembly.Module(image), {
    image,
    ttyOutput: () => undefined,
    readBlob: () => null,
    hostJob: () => undefined,
    probeKernel: () => false,
    syncDisk: () => undefined,
    halt: (reason) => {
      throw new Error(`${file} halted: ${reason}`);
    },
  });
  kernel.mem.putCstring(kernel.exports.host_buffer(), "", 2048);
  kernel.exports.start_kernel(0);
  return kernel;
}

/** The same module in other bytes (a custom section): engines share code of equal ones. */
function withNonce(wasm: Uint8Array, nonce: number): Uint8Array<ArrayBuffer> {
  const section = new Uint8Array([0, 3, 1, 0x6e, nonce & 0x7f]);
  const out = new Uint8Array(wasm.length + section.length);
  out.set(wasm);
  out.set(section, wasm.length);
  return out;
}

export function entry(kernel: KernelInstance, name: string): Entry {
  return (kernel.exports as unknown as Record<string, Entry>)[name]!;
}
