/**
 * Expands the notation of transcripts.txt into the log that a selftest must
 * leave. Every block is a whole log; short names stand for test modules.
 */

const SHORT: Record<string, string> = {
  LP: "livepatch",
  AR: "atomic_replace",
  SY: "syscall",
  CD: "callbacks_demo",
  CD2: "callbacks_demo2",
  CM: "callbacks_mod",
  CB: "callbacks_busy",
  S1: "state",
  S2: "state2",
  S3: "state3",
  SV: "shadow_vars",
  MT: "mod_target",
  MP: "mod_patch",
  KP: "kprobe",
};

export function fullName(short: string): string {
  const name = SHORT[short];
  if (name === undefined) throw new Error(`no test module ${short}`);
  return `test_klp_${name}`;
}

const STATES: Record<string, string> = {
  L: "[MODULE_STATE_LIVE] Normal state",
  C: "[MODULE_STATE_COMING] Full formed, running module_init",
  G: "[MODULE_STATE_GOING] Going away",
};

/** `v` or `CM.L`: what a callback says it is called for. */
function item(text: string): string {
  if (text === "v") return "vmlinux";
  const [module, state] = text.split(".");
  return `${fullName(module)} -> ${STATES[state]}`;
}

const insmod = (module: string, args: string) =>
  `% insmod test_modules/${fullName(module)}.ko${args === "" ? "" : ` ${args}`}`;

function callbacks(patch: string, callback: string, items: string[]): string[] {
  return items.map((i) => `${fullName(patch)}: ${callback}_callback: ${item(i)}`);
}

interface Extras {
  first: string[];
  last: string[];
}

const NOTHING: Extras = { first: [], last: [] };

function transition(patch: string, verb: "patching" | "unpatching", { first, last }: Extras): string[] {
  const line = (text: string) => `livepatch: '${fullName(patch)}': ${text}`;
  return [
    line(`initializing ${verb} transition`),
    ...first,
    line(`starting ${verb} transition`),
    line(`completing ${verb} transition`),
    ...last,
    line(`${verb} complete`),
  ];
}

function enable(patch: string, args: string, extras: Extras): string[] {
  const name = fullName(patch);
  return [
    insmod(patch, args),
    `livepatch: enabling patch '${name}'`,
    ...transition(patch, "patching", extras),
  ];
}

function disable(patch: string, extras: Extras): string[] {
  const name = fullName(patch);
  return [`% echo 0 > /sys/kernel/livepatch/${name}/enabled`, ...transition(patch, "unpatching", extras)];
}

/** What the callbacks of the state patches say. */
const LOGLEVEL = {
  allocating: "allocate_loglevel_state: allocating space to store console_loglevel",
  allocated: "allocate_loglevel_state: space to store console_loglevel already allocated",
  fixing: "fix_console_loglevel: fixing console_loglevel",
  taking: "fix_console_loglevel: taking over the console_loglevel change",
  restoring: "restore_console_loglevel: restoring console_loglevel",
  freeing: "free_loglevel_state: freeing space for the stored console_loglevel",
};

function stateExtras(patch: string, kind: "patch" | "unpatch", first: string, last: string): Extras {
  const say = (text: string) => `${fullName(patch)}: ${text}`;
  return {
    first: [...callbacks(patch, `pre_${kind}`, ["v"]), say(first)],
    last: [...callbacks(patch, `post_${kind}`, ["v"]), say(last)],
  };
}

function failedEnable(patch: string): string[] {
  const name = fullName(patch);
  return [
    `livepatch: failed to enable patch '${name}'`,
    `livepatch: '${name}': canceling patching transition, going to unpatch`,
    `livepatch: '${name}': completing unpatching transition`,
    `livepatch: '${name}': unpatching complete`,
  ];
}

function shadowLine(words: string[]): string {
  const [verb, a, b, c, d] = words;
  const call = (name: string) =>
    `${name}(obj=PTR${a}, id=0x${b}, size=8, gfp_flags=GFP_KERNEL), ctor=PTR4, ctor_data=PTR${c} = PTR${d}`;
  switch (verb) {
    case "get":
      return `klp_shadow_get(obj=PTR${a}, id=0x${b}) = PTR${c}`;
    case "null":
      return "  got expected NULL result";
    case "hit":
      return `  got expected PTR${a} -> PTR${b} result`;
    case "ctor":
      return `shadow_ctor: PTR${a} -> PTR${b}`;
    case "goa":
      return call("klp_shadow_get_or_alloc");
    case "alloc":
      return call("klp_shadow_alloc");
    case "dtor":
      return `shadow_dtor(obj=PTR${a}, shadow_data=PTR${b})`;
    case "free":
      return `klp_shadow_free(obj=PTR${a}, id=0x${b}, dtor=PTR17)`;
    case "freeall":
      return `klp_shadow_free_all(id=0x${a}, dtor=PTR0)`;
    default:
      throw new Error(`no such line: ${words.join(" ")}`);
  }
}

/** The lines of one macro line. */
export function expandLine(line: string): string[] {
  if (line.startsWith("= ")) return [line.slice(2).replace(/\{(\w+)\}/g, (_, m: string) => fullName(m))];
  const [, plain, list] = /^(.*?)(?: \[(.*)\])?$/.exec(line) as RegExpExecArray;
  const [macro, module, ...rest] = plain.split(" ");
  const items = list === undefined ? [] : list.split(" ");
  const on = { first: callbacks(module, "pre_patch", items), last: callbacks(module, "post_patch", items) };
  const off = {
    first: callbacks(module, "pre_unpatch", items),
    last: callbacks(module, "post_unpatch", items),
  };
  const args = rest.join(" ");
  switch (macro) {
    case "INS":
      return [insmod(module, args)];
    case "RM":
      return [`% rmmod ${fullName(module)}`];
    case "EN":
      return enable(module, args, items.length > 0 ? on : NOTHING);
    case "DIS":
      return disable(module, items.length > 0 ? off : NOTHING);
    case "FAILEN":
      return failedEnable(module);
    case "NOINS":
      return [`insmod: ERROR: could not insert module test_modules/${fullName(module)}.ko: ${args}`];
    case "ENS":
      return enable(module, "", stateExtras(module, "patch", LOGLEVEL.allocating, LOGLEVEL.fixing));
    case "ENT":
      return enable(module, "", stateExtras(module, "patch", LOGLEVEL.allocated, LOGLEVEL.taking));
    case "DISS":
      return disable(module, stateExtras(module, "unpatch", LOGLEVEL.restoring, LOGLEVEL.freeing));
    default:
      return [`${fullName("SV")}: ${shadowLine(plain.split(" "))}`];
  }
}

/** The expected logs by name of the case. */
export function parseTranscripts(text: string): Map<string, string[]> {
  const logs = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("## ")) logs.set(line.slice(3), (current = []));
    else if (line !== "" && !line.startsWith("#")) current.push(...expandLine(line));
  }
  return logs;
}
