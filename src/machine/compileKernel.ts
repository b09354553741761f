/** The engine's form of a kernel image. Throws WebAssembly.CompileError for what is none. */
export function compileKernel(vmlinux: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(vmlinux as BufferSource);
}
