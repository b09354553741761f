// options.ts - `set -o` and `shopt` options: names, letters, defaults.

export interface Options {
  allexport: boolean;
  braceexpand: boolean;
  emacs: boolean;
  errexit: boolean;
  errtrace: boolean;
  functrace: boolean;
  hashall: boolean;
  "interactive-comments": boolean;
  histexpand: boolean;
  history: boolean;
  ignoreeof: boolean;
  keyword: boolean;
  monitor: boolean;
  noclobber: boolean;
  noexec: boolean;
  noglob: boolean;
  nolog: boolean;
  notify: boolean;
  nounset: boolean;
  onecmd: boolean;
  physical: boolean;
  pipefail: boolean;
  posix: boolean;
  privileged: boolean;
  verbose: boolean;
  vi: boolean;
  xtrace: boolean;
}

/** In the order of $-. */
export const LETTERS: [string, keyof Options][] = [
  ["a", "allexport"],
  ["b", "notify"],
  ["e", "errexit"],
  ["f", "noglob"],
  ["h", "hashall"],
  ["k", "keyword"],
  ["m", "monitor"],
  ["n", "noexec"],
  ["p", "privileged"],
  ["t", "onecmd"],
  ["u", "nounset"],
  ["v", "verbose"],
  ["x", "xtrace"],
  ["B", "braceexpand"],
  ["C", "noclobber"],
  ["E", "errtrace"],
  ["H", "histexpand"],
  ["P", "physical"],
  ["T", "functrace"],
];

export function defaultOptions(): Options {
  return {
    allexport: false,
    braceexpand: true,
    emacs: false,
    errexit: false,
    errtrace: false,
    functrace: false,
    hashall: true,
    "interactive-comments": true,
    histexpand: false,
    history: false,
    ignoreeof: false,
    keyword: false,
    monitor: false,
    noclobber: false,
    noexec: false,
    noglob: false,
    nolog: false,
    notify: false,
    nounset: false,
    onecmd: false,
    physical: false,
    pipefail: false,
    posix: false,
    privileged: false,
    verbose: false,
    vi: false,
    xtrace: false,
  };
}

/** $-; `source` is c for -c, s for standard input, empty for a file. */
export function optionLetters(opts: Options, interactive: boolean, source: string): string {
  const set = LETTERS.filter(([, name]) => opts[name]).map(([c]) => c);
  const at = set.findIndex((c) => "mnptuvxBCEHPT".includes(c));
  if (interactive) set.splice(at < 0 ? set.length : at, 0, "i");
  return set.join("") + source;
}

const SHOPTS_ON = [
  "checkwinsize",
  "cmdhist",
  "complete_fullquote",
  "extquote",
  "force_fignore",
  "globasciiranges",
  "globskipdots",
  "hostcomplete",
  "interactive_comments",
  "patsub_replacement",
  "progcomp",
  "promptvars",
  "sourcepath",
];

const SHOPTS_OFF = [
  "autocd",
  "assoc_expand_once",
  "cdable_vars",
  "cdspell",
  "checkhash",
  "checkjobs",
  "compat31",
  "compat32",
  "compat40",
  "compat41",
  "compat42",
  "compat43",
  "compat44",
  "direxpand",
  "dirspell",
  "dotglob",
  "execfail",
  "expand_aliases",
  "extdebug",
  "extglob",
  "failglob",
  "globstar",
  "gnu_errfmt",
  "histappend",
  "histreedit",
  "histverify",
  "huponexit",
  "inherit_errexit",
  "lastpipe",
  "lithist",
  "localvar_inherit",
  "localvar_unset",
  "login_shell",
  "mailwarn",
  "no_empty_cmd_completion",
  "nocaseglob",
  "nocasematch",
  "noexpand_translation",
  "nullglob",
  "progcomp_alias",
  "restricted_shell",
  "shift_verbose",
  "varredir_close",
  "xpg_echo",
];

export function defaultShopts(): Record<string, boolean> {
  const all: Record<string, boolean> = {};
  for (const name of [...SHOPTS_ON, ...SHOPTS_OFF].sort()) all[name] = SHOPTS_ON.includes(name);
  return all;
}
