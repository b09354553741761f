// completionSpec.ts - what the options of `complete` and `compgen` ask for.

export interface CompletionSpec {
  options: string[];
  actions: string[];
  /** The values of -G -W -F -C -X -P -S, by letter. */
  values: Map<string, string>;
}

/** Letters that stand for actions, in the order `complete -p` prints them. */
export const ACTION_LETTERS: [string, string][] = [
  ["a", "alias"],
  ["b", "builtin"],
  ["c", "command"],
  ["d", "directory"],
  ["e", "export"],
  ["f", "file"],
  ["g", "group"],
  ["j", "job"],
  ["k", "keyword"],
  ["s", "service"],
  ["u", "user"],
  ["v", "variable"],
];

/** In the order in which bash generates them. */
export const ACTIONS = (
  "alias arrayvar binding builtin disabled enabled export function helptopic hostname job keyword running " +
  "setopt shopt signal stopped variable command file user group service directory"
).split(" ");

export const OPTIONS = "bashdefault default dirnames filenames noquote nosort nospace plusdirs".split(" ");

export interface Parsed {
  spec: CompletionSpec;
  /** `-p`, `-r`, `-D`, `-E`, `-I`. */
  flags: Set<string>;
  rest: string[];
  /** What is wrong, in bash's words; `-x` alone is an unknown option. */
  bad: string | null;
}

export function parseSpec(argv: readonly string[]): Parsed {
  const spec: CompletionSpec = { options: [], actions: [], values: new Map() };
  const flags = new Set<string>();
  let bad: string | null = null;
  let i = 1;
  for (; i < argv.length && bad === null; i++) {
    const arg = argv[i]!;
    if (arg === "--") {
      i++;
      break;
    }
    if (!/^-./.test(arg)) break;
    for (let j = 1; j < arg.length && bad === null; j++) {
      const c = arg[j]!;
      const action = ACTION_LETTERS.find(([l]) => l === c)?.[1];
      if (action) spec.actions.push(action);
      else if ("prDEI".includes(c)) flags.add(c);
      else if ("oAGWFCXPS".includes(c)) {
        const value = j + 1 < arg.length ? arg.slice(j + 1) : argv[++i];
        bad = value === undefined ? `-${c}: option requires an argument` : setValue(spec, c, value);
        break;
      } else bad = `-${c}`;
    }
  }
  return { spec, flags, rest: argv.slice(i), bad };
}

function setValue(spec: CompletionSpec, c: string, value: string): string | null {
  if (c === "o") {
    if (!OPTIONS.includes(value)) return `${value}: invalid option name`;
    spec.options.push(value);
  } else if (c === "A") {
    if (!ACTIONS.includes(value)) return `${value}: invalid action name`;
    spec.actions.push(value);
  } else spec.values.set(c, value);
  return null;
}
