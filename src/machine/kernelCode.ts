/** The kernel's code, ready to be instantiated; one copy serves many machines. */
export type KernelCode = WebAssembly.Module;

/** Compiles vmlinux at once. Pages fetch and compile it in one go instead. */
export function kernelCode(vmlinux: Uint8Array): KernelCode {
  return new WebAssembly.Module(vmlinux as Uint8Array<ArrayBuffer>);
}
