// host.ts - what the sample kernel takes from outside.
@external("env", "switch_to")
export declare function switch_to(): void;
@external("env", "__asyncify_state")
export declare let asyncify_state: i32;
@external("env", "ftrace_set")
export declare function ftrace_set(dst: u32, src: u32): void;
@external("env", "print")
export declare function print(text: usize, len: i32, value: i64): void;
@external("env", "data_end")
export declare const data_end: usize;
@external("env", "kallsyms_addr")
export declare const kallsyms_addr: usize;
@external("env", "kallsyms_num")
export declare const kallsyms_num: u32;
@external("env", "nr_functions")
export declare const nr_functions: u32;
@external("env", "__this_module")
export declare const __this_module: usize;
