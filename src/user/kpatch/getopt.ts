// getopt.ts - getopt_long(3): short options in clusters, long ones by unique prefix, operands anywhere.

/** One option; `arg` is whether it takes an argument. */
export interface Option {
  short?: string;
  long?: string;
  arg?: "required" | "optional";
}

export interface Parsed {
  /** Options in order, by long name where there is one, else by letter. */
  options: Array<{ name: string; value: string }>;
  operands: string[];
  /** glibc's complaint without the program's name; parsing stopped there. */
  error: string | null;
}

const key = (option: Option): string => option.long ?? option.short ?? "";

/** @param stopAtOperand POSIX order: everything after the first operand is an operand. */
export function getopt(args: string[], options: Option[], stopAtOperand = false): Parsed {
  const parsed: Parsed = { options: [], operands: [], error: null };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") break;
    if (arg.startsWith("--")) parsed.error = longOption(arg.slice(2), rest, options, parsed);
    else if (arg.length > 1 && arg.startsWith("-"))
      parsed.error = cluster(arg.slice(1), rest, options, parsed);
    else {
      parsed.operands.push(arg);
      if (stopAtOperand) break;
    }
    if (parsed.error) return parsed;
  }
  parsed.operands.push(...rest);
  return parsed;
}

function longOption(text: string, rest: string[], options: Option[], parsed: Parsed): string | null {
  const [, name, value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text) as RegExpExecArray;
  const exact = options.filter((option) => option.long === name);
  const matches = exact.length ? exact : options.filter((option) => option.long?.startsWith(name));
  if (matches.length === 0) return `unrecognized option '--${name}'`;
  if (matches.length > 1) {
    const known = matches.map((option) => `'--${option.long}'`).join(" ");
    return `option '--${name}' is ambiguous; possibilities: ${known}`;
  }
  const [option] = matches;
  if (!option.arg && value !== undefined) return `option '--${option.long}' doesn't allow an argument`;
  const argument = value ?? (option.arg === "required" ? rest.shift() : "");
  if (argument === undefined) return `option '--${option.long}' requires an argument`;
  parsed.options.push({ name: key(option), value: argument });
  return null;
}

function cluster(letters: string, rest: string[], options: Option[], parsed: Parsed): string | null {
  for (let i = 0; i < letters.length; i++) {
    const option = options.find(({ short }) => short === letters[i]);
    if (!option) return `invalid option -- '${letters[i]}'`;
    const attached = letters.slice(i + 1);
    if (!option.arg) {
      parsed.options.push({ name: key(option), value: "" });
      continue;
    }
    const value = attached || option.arg === "optional" ? attached : rest.shift();
    if (value === undefined) return `option requires an argument -- '${letters[i]}'`;
    parsed.options.push({ name: key(option), value });
    return null;
  }
  return null;
}
