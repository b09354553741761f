// host.ts - everything the kernel takes from outside, in one place.
//
// Imports of `env` are the machine's (src/machine/imports.ts), except those
// of the last group, which the linker (src/kbuild/link.ts) resolves.

/**
 * Leaves the kernel stack of the task that slept and, when that task is
 * chosen again, comes back here. The only import that sleeps.
 */
@external("env", "switch_to")
export declare function switch_to(): void;

/** 0 normal, 1 unwinding, 2 rewinding (abi.ts Asyncify). */
@external("env", "__asyncify_state")
export declare let asyncify_state: i32;

/** Copies entry `src` of table `ftrace` to entry `dst`: the swap itself. */
@external("env", "ftrace_set")
export declare function ftrace_set(dst: u32, src: u32): void;

/** Calls of site may run the function of site by. */
@external("env", "ftrace_replaces")
export declare function ftrace_replaces(by: u32, site: u32): void;

/**
 * A bitmap of sites becomes that of all functions that may call them, as the
 * loaded code says. With stacks: and of those that may call those, and so on.
 * The host may have to fetch what reads code: bits is 0 the first time, and
 * switch_to() follows.
 */
@external("env", "ftrace_callers")
export declare function ftrace_callers(bits: usize, stacks: bool): void;

/** Shows text on the terminal: the output side of the tty driver. */
@external("env", "tty_output")
export declare function tty_output(buf: usize, len: u32): void;

/** Reads bytes of a file that the host holds; bytes read or -errno. */
@external("env", "host_read")
export declare function host_read(
  blob: u32,
  offset: u32,
  buf: usize,
  len: u32,
): i32;

/**
 * Compiles the Wasm module at image and links it: memory_base and table_base
 * are where its data and its table entries go. 0 or -errno.
 */
@external("env", "module_map")
export declare function module_map(
  handle: u32,
  image: usize,
  len: u32,
  memory_base: usize,
  table_base: u32,
): i32;

/** Forgets a module; its table entries were cleared before. */
@external("env", "module_unmap")
export declare function module_unmap(handle: u32): void;

/**
 * Calls stack_frame() for every function on the engine's stack, innermost
 * first. Each engine names them in its own way: for people only.
 */
@external("env", "show_frames")
export declare function show_frames(): void;

/** Whether the host could start the kernel image: 0 or -errno. */
@external("env", "kernel_probe")
export declare function kernel_probe(image: usize, len: u32): i32;

/** What is on the disk shall be there after a power cut, too. */
@external("env", "disk_sync")
export declare function disk_sync(): void;

/** Starts a job for the current task; the host wakes it by job_done(). */
@external("env", "host_job")
export declare function host_job(pid: i32): void;

/** Stops the kernel where it stands: becomes an oops or a panic. */
@external("env", "trap")
export declare function trap(reason: u32): void;

/** The machine stops for good, or starts again. */
@external("env", "machine_halt")
export declare function machine_halt(reason: u32): void;

// Resolved by the linker.

/** First free byte after the kernel's static data. */
@external("env", "data_end")
export declare const data_end: usize;

/** Address and number of entries of the symbol table. */
@external("env", "kallsyms_addr")
export declare const kallsyms_addr: usize;
@external("env", "kallsyms_num")
export declare const kallsyms_num: u32;

/** Traced functions of the kernel: table entries 1 to 3 * nr_functions. */
@external("env", "nr_functions")
export declare const nr_functions: u32;

/** First entry of the table behind vmlinux's. */
@external("env", "ftrace_end")
export declare const ftrace_end: u32;

/** NUL-terminated hash that names this very build. */
@external("env", "linux_build")
export declare const linux_build: usize;
