/** Stacks as the engines write them, of one call chain through a patch; captured with real browsers. */

import { expect, test } from "vitest";
import { wasmFrames } from "../../src/machine/trap.ts";

const NAMED = {
  "Chromium 156": `RuntimeError: unreachable
    at vmlinux.fs/proc/meminfo/meminfo_proc_show$body (wasm://wasm/vmlinux-6c10069e:wasm-function[1]:0x46)
    at vmlinux.fs/proc/meminfo/meminfo_proc_show (wasm://wasm/vmlinux-6c10069e:wasm-function[2]:0x4a)
    at vmlinux.ftrace_trampoline:fs/proc/meminfo/meminfo_proc_show (wasm://wasm/vmlinux-6c10069e:wasm-function[3]:0x4f)
    at vmlinux.kernel/sys/x (wasm://wasm/vmlinux-6c10069e:wasm-function[4]:0x54)
    at test_ko.livepatch/patch/new_show (wasm://wasm/test_ko-e3a18b86:wasm-function[0]:0x2f)
    at run (http://localhost:8765/:7:16)
    at http://localhost:8765/:8:1`,
  "Firefox 153": `vmlinux.fs/proc/meminfo/meminfo_proc_show$body@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[1]:0x46
vmlinux.fs/proc/meminfo/meminfo_proc_show@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[2]:0x4a
vmlinux.ftrace_trampoline:fs/proc/meminfo/meminfo_proc_show@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[3]:0x4f
vmlinux.kernel/sys/x@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[4]:0x54
test_ko.livepatch/patch/new_show@http://localhost:8765/ line 6 > WebAssembly.Module:wasm-function[0]:0x2f
run@http://localhost:8765/:7:16
@http://localhost:8765/:8:4`,
  "WebKitGTK 2.50": `show@http://localhost:8765/:5:128
fs/proc/meminfo/meminfo_proc_show$body@vmlinux:wasm-function[1]
fs/proc/meminfo/meminfo_proc_show@vmlinux:wasm-function[2]
ftrace_trampoline:fs/proc/meminfo/meminfo_proc_show@vmlinux:wasm-function[3]
kernel/sys/x@vmlinux:wasm-function[4]
livepatch/patch/new_show@test_ko:wasm-function[0]
run@http://localhost:8765/:7:18
global code@http://localhost:8765/:8:4`,
};

/** A kernel without names, called by a module with names: as the page has them. */
const STRIPPED = {
  "Chromium 156": `Error
    at show (http://localhost:8765/:5:119)
    at wasm://wasm/908fee5e:wasm-function[1]:0x44
    at wasm://wasm/908fee5e:wasm-function[2]:0x4a
    at test_ko.livepatch/patch/new_show (wasm://wasm/test_ko-e3a18b86:wasm-function[0]:0x2f)
    at run (http://localhost:8765/:7:16)`,
  "Firefox 153": `show@http://localhost:8765/:5:119
@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[1]:0x44
@http://localhost:8765/ line 5 > WebAssembly.Module:wasm-function[2]:0x4a
test_ko.livepatch/patch/new_show@http://localhost:8765/ line 6 > WebAssembly.Module:wasm-function[0]:0x2f
run@http://localhost:8765/:7:16`,
  "WebKitGTK 2.50": `show@http://localhost:8765/:5:128
1@<?>:wasm-function[1]
2@<?>:wasm-function[2]
livepatch/patch/new_show@test_ko:wasm-function[0]
run@http://localhost:8765/:7:18
global code@http://localhost:8765/:8:373`,
};

test.each(Object.entries(NAMED))("%s, a kernel with names", (_engine, stack) => {
  expect(wasmFrames(stack)).toEqual([
    { name: "meminfo_proc_show", module: "" },
    { name: "x", module: "" },
    { name: "new_show", module: "test_ko" },
  ]);
});

test.each(Object.entries(STRIPPED))("%s, a kernel without names", (_engine, stack) => {
  expect(wasmFrames(stack)).toEqual([{ index: 1 }, { index: 2 }, { name: "new_show", module: "test_ko" }]);
});
