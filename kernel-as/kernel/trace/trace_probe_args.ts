// trace_probe_args.ts - parses NAME=FETCH:TYPE.
//
//   $argN $retval $comm %REG      of the call
//   @ADDR  \NUMBER                memory, or the number itself
//   +OFF(FETCH)  -OFF(FETCH)      what lies at an offset; can be nested
//   u8…u64 s8…s64 x8…x64 char string ustring symbol symstr
//
// Mirrors Linux kernel/trace/trace_probe.c.

import { Errno } from "../../abi";
import { isdigit, strchr, strcmp, streq_lit, strlen } from "../../lib/string";
import { strstarts_lit } from "../../lib/string";
import { kstrdup, kzalloc } from "../../mm/slab";
import { snprintf } from "../../lib/vsprintf";
import { ksym_shown_addr, kallsyms_lookup_name } from "../kallsyms";
import { tracing_log_err } from "./error_log";
import {
  Fetch,
  MAX_DEREFS,
  MAX_STRING,
  ProbeArg,
  ProbeType,
  TraceKprobe,
  probe_arg,
} from "./trace_probe";
import { trace_number, trace_parse_number } from "./trace_parser";

/** Where kernel data is shown; kallsyms.ts. */
const DATA_BASE: u64 = 0xffff888000000000;

const MAX_ARG_NAME_LEN: u32 = 32;
const MAX_ARGSTR_LEN: u32 = 63;
/** Spelled as Linux spells it. */
const BAD_VAR: string = "Invalid $-valiable specified";

/** The command that is parsed: as written, and the copy that is cut up. */
let command: usize = 0;
let cutting: usize = 0;

export function trace_probe_log_init(cmd: usize, copy: usize): void {
  command = cmd;
  cutting = copy;
}

/** Logs what is wrong at a place in the copy; always -EINVAL. */
export function trace_probe_log_err(at: usize, text: string): i32 {
  tracing_log_err("trace_kprobe", command, text, <u32>(at - cutting));
  return -Errno.EINVAL;
}

function is_name_char(c: u8, first: bool): bool {
  const l = c | 32;
  if (c == 95 || (l >= 97 && l <= 122)) return true;
  return !first && isdigit(c);
}

/** Whether s is a C identifier. */
export function is_good_name(s: usize): bool {
  if (!is_name_char(load<u8>(s), true)) return false;
  while (load<u8>(s) != 0)
    if (!is_name_char(load<u8>(s++), false)) return false;
  return true;
}

/** Names of groups may also have hyphens. */
export function is_good_system_name(s: usize): bool {
  let first = true;
  for (; load<u8>(s) != 0; s++, first = false) {
    const c = load<u8>(s);
    if (c != 45 && !is_name_char(c, first)) return false;
  }
  return !first;
}

function number_type(arg: ProbeArg, t: usize, type: u32): bool {
  if (streq_lit(t + 1, "8")) arg.size = 1;
  else if (streq_lit(t + 1, "16")) arg.size = 2;
  else if (streq_lit(t + 1, "32")) arg.size = 4;
  else if (streq_lit(t + 1, "64")) arg.size = 8;
  else return false;
  arg.type = type;
  return true;
}

function parse_type(arg: ProbeArg, t: usize): bool {
  const c = load<u8>(t);
  arg.size = 8;
  if (streq_lit(t, "char")) {
    arg.type = ProbeType.CHAR;
    arg.size = 1;
  } else if (streq_lit(t, "string") || streq_lit(t, "ustring")) {
    arg.type = ProbeType.STRING;
  } else if (streq_lit(t, "symbol") || streq_lit(t, "symstr")) {
    arg.type = ProbeType.SYMBOL;
  } else if (c == 117) return number_type(arg, t, ProbeType.U);
  else if (c == 115) return number_type(arg, t, ProbeType.S);
  else if (c == 120) return number_type(arg, t, ProbeType.X);
  else return false;
  return true;
}

/** Which argument a register of x86-64 holds on entry, or 6. */
function register_param(s: usize): u32 {
  if (streq_lit(s, "di")) return 0;
  if (streq_lit(s, "si")) return 1;
  if (streq_lit(s, "dx")) return 2;
  if (streq_lit(s, "cx")) return 3;
  if (streq_lit(s, "r8")) return 4;
  return streq_lit(s, "r9") ? 5 : 6;
}

/** "$argN"; there is no stack in memory that $stackN could look at. */
function parse_entry_variable(arg: ProbeArg, s: usize): i32 {
  if (strstarts_lit(s, "$stack")) {
    return trace_probe_log_err(s, "Invalid stack number");
  }
  if (!strstarts_lit(s, "$arg") || !trace_parse_number(s + 4)) {
    return trace_probe_log_err(s, BAD_VAR);
  }
  if (trace_number - 1 >= 6) {
    return trace_probe_log_err(s, "Invalid argument number");
  }
  arg.fetch = Fetch.ARG;
  arg.param = <u32>trace_number - 1;
  return 0;
}

function parse_variable(tk: TraceKprobe, arg: ProbeArg, s: usize): i32 {
  if (streq_lit(s, "$comm") || streq_lit(s, "$COMM")) {
    if (arg.nr_derefs != 0) {
      return trace_probe_log_err(s, "$comm can not be dereferenced");
    }
    arg.fetch = Fetch.COMM;
    return 0;
  }
  if (streq_lit(s, "$retval")) {
    arg.fetch = Fetch.RETVAL;
    if (tk.is_ret) return 0;
    return trace_probe_log_err(s, "$retval is not available on probe");
  }
  if (tk.is_ret) return trace_probe_log_err(s, BAD_VAR);
  return parse_entry_variable(arg, s);
}

function parse_register(tk: TraceKprobe, arg: ProbeArg, s: usize): i32 {
  const param = register_param(s + 1);
  arg.fetch = Fetch.ARG;
  arg.param = param;
  if (tk.is_ret && streq_lit(s, "%ax")) {
    arg.fetch = Fetch.RETVAL;
    return 0;
  }
  if (param < 6 && !tk.is_ret) return 0;
  return trace_probe_log_err(s, "Invalid register name");
}

/** @ADDR, as kallsyms shows addresses, or @SYMBOL. */
function parse_memory(arg: ProbeArg, s: usize): i32 {
  let addr: u64 = 0;
  if (load<u8>(s + 1) == 43) {
    return trace_probe_log_err(s, "File offset is not available with kprobe");
  }
  if (trace_parse_number(s + 1)) addr = trace_number;
  else {
    const sym = kallsyms_lookup_name(s + 1);
    if (sym != null) addr = ksym_shown_addr(sym);
  }
  if (addr < DATA_BASE || addr >= DATA_BASE + ((<u64>1) << 32)) {
    return trace_probe_log_err(s, "Invalid memory address");
  }
  arg.fetch = Fetch.IMM;
  arg.imm = addr - DATA_BASE;
  return push_deref(arg, s, 0);
}

/** The outermost offset comes first in the text and last in the list. */
function push_deref(arg: ProbeArg, s: usize, offset: i32): i32 {
  if (arg.nr_derefs == MAX_DEREFS) {
    return trace_probe_log_err(s, "Dereference is too much nested");
  }
  const first = changetype<usize>(arg) + offsetof<ProbeArg>("deref0");
  for (let i = arg.nr_derefs; i > 0; i--) {
    store<i32>(first + 4 * i, load<i32>(first + 4 * (i - 1)));
  }
  store<i32>(first, offset);
  arg.nr_derefs++;
  return 0;
}

function parse_deref(tk: TraceKprobe, arg: ProbeArg, s: usize): i32 {
  const open = strchr(s, 40);
  if (open == 0) return trace_probe_log_err(s, "Dereference needs a brace");
  store<u8>(open, 0);
  // "+u8(…)": memory of the user's, which is the same here.
  const digits = load<u8>(s + 1) == 117 ? s + 2 : s + 1;
  if (!trace_parse_number(digits) || trace_number > <u64>i32.MAX_VALUE) {
    return trace_probe_log_err(s, "Invalid dereference offset");
  }
  const end = open + strlen(open + 1);
  if (load<u8>(end) != 41) {
    return trace_probe_log_err(end + 1, "Dereference brace is not closed");
  }
  const minus = load<u8>(s) == 45;
  const offset = minus ? -(<i32>trace_number) : <i32>trace_number;
  store<u8>(end, 0);
  const err = push_deref(arg, s, offset);
  return err != 0 ? err : parse_fetch(tk, arg, open + 1);
}

function parse_fetch(tk: TraceKprobe, arg: ProbeArg, s: usize): i32 {
  const c = load<u8>(s);
  if (c == 36) return parse_variable(tk, arg, s);
  if (c == 37) return parse_register(tk, arg, s);
  if (c == 64) return parse_memory(arg, s);
  if (c == 43 || c == 45) return parse_deref(tk, arg, s);
  if (c != 92) return trace_probe_log_err(s, "Invalid fetch argument");
  if (!trace_parse_number(s + 1)) {
    return trace_probe_log_err(s + 1, "Invalid immediate value");
  }
  arg.fetch = Fetch.IMM;
  arg.imm = trace_number;
  return 0;
}

function parse_body(tk: TraceKprobe, arg: ProbeArg, body: usize): i32 {
  const colon = strchr(body, 58);
  if (colon != 0) store<u8>(colon, 0);
  const comm = streq_lit(body, "$comm") || streq_lit(body, "$COMM");
  if (comm && colon != 0 && !streq_lit(colon + 1, "string")) {
    const text = "$comm and immediate-string only accepts string type";
    return trace_probe_log_err(colon + 1, text);
  }
  arg.type = comm ? ProbeType.STRING : ProbeType.X;
  arg.size = 8;
  if (colon != 0 && !parse_type(arg, colon + 1)) {
    return trace_probe_log_err(colon + 1, "Unknown type is specified");
  }
  const err = parse_fetch(tk, arg, body);
  if (err != 0) return err;
  if (arg.type == ProbeType.STRING && arg.nr_derefs == 0 && !comm) {
    return trace_probe_log_err(
      colon + 1,
      "String accepts only memory argument",
    );
  }
  return 0;
}

/** Names it argN when the user did not. */
function name_arg(tk: TraceKprobe, arg: ProbeArg, word: usize): usize {
  const eq = strchr(word, 61);
  if (eq == 0) {
    arg.name = kzalloc(16);
    if (arg.name != 0) snprintf(arg.name, 16, "arg%u", tk.nr_args + 1);
    return word;
  }
  store<u8>(eq, 0);
  arg.name = kstrdup(word);
  return eq + 1;
}

/** Names that the fields of every record have. */
function is_reserved_name(s: usize): bool {
  if (streq_lit(s, "common_type") || streq_lit(s, "common_flags")) return true;
  if (streq_lit(s, "common_pid") || streq_lit(s, "common_tgid")) return true;
  if (streq_lit(s, "common_preempt_count")) return true;
  if (streq_lit(s, "__probe_ip") || streq_lit(s, "__probe_func")) return true;
  return streq_lit(s, "__probe_ret_ip");
}

function check_name(tk: TraceKprobe, arg: ProbeArg, word: usize): i32 {
  if (load<u8>(arg.name) == 0) {
    return trace_probe_log_err(word, "Argument name is not specified");
  }
  if (strlen(arg.name) >= MAX_ARG_NAME_LEN) {
    return trace_probe_log_err(word, "Argument name is too long");
  }
  if (!is_good_name(arg.name)) {
    const text = "Argument name must follow the same rules as C identifiers";
    return trace_probe_log_err(word, text);
  }
  let used = is_reserved_name(arg.name);
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    if (strcmp(probe_arg(tk, i).name, arg.name) == 0) used = true;
  }
  if (!used) return 0;
  return trace_probe_log_err(word, "This argument name is already used");
}

/** Adds the argument that the word describes to tk; 0 or -errno. */
export function traceprobe_parse_arg(tk: TraceKprobe, word: usize): i32 {
  const arg = probe_arg(tk, tk.nr_args);
  const body = name_arg(tk, arg, word);
  arg.text = kstrdup(body);
  let err = arg.name == 0 || arg.text == 0 ? -Errno.ENOMEM : 0;
  if (err == 0) err = check_name(tk, arg, word);
  if (err == 0 && load<u8>(body) == 0) {
    err = trace_probe_log_err(body, "No argument expression");
  }
  if (err == 0 && strlen(body) > MAX_ARGSTR_LEN) {
    err = trace_probe_log_err(body, "Argument expression is too long");
  }
  if (err == 0) err = parse_body(tk, arg, body);
  arg.offset = tk.data_size;
  tk.data_size += arg.type == ProbeType.STRING ? MAX_STRING : 8;
  tk.nr_args++;
  return err;
}
