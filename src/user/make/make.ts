// make.ts - the command `make`: rules, variables, patterns and functions as GNU make has them.
//
// One job at a time, no built-in rules. HELP says what is left out.
import { attempt, strerror } from "../errno.ts";
import type { Program, SysCalls } from "../sys.ts";
import { print } from "../kpatch/io.ts";
import { Builder } from "./builder.ts";
import { missingMakefile, NotRemade, Stop } from "./failure.ts";
import { MakefileReader } from "./makefile.ts";
import { HELP, makeflagsOf, readOptions, type MakeOptions } from "./options.ts";
import { RecipeRunner } from "./recipe.ts";
import { Rules } from "./rules.ts";
import { Variables, type Operator } from "./variables.ts";
import { mtimeOf, readIfThere, worldOf } from "./world.ts";

const FAILED = 2;
const DEFAULT_FILES = ["GNUmakefile", "makefile", "Makefile"];
const ASSIGNMENT = /^([^\s:#=?+!]+)\s*(:{0,3}=|\?=|\+=|!=)([\s\S]*)$/;

export const make: Program = async ({ sys, argv, env }) => {
  const options = readOptions(argv.slice(1), env.get("MAKEFLAGS") ?? "");
  if ("error" in options) {
    await print(sys, 2, `make: ${options.error}\n${HELP}\n`);
    return FAILED;
  }
  if (options.help || options.version) {
    await print(sys, 1, options.help ? `${HELP}\n` : "GNU Make 4.3 (Patchbay's own, smaller)\n");
    return 0;
  }
  return new Make(sys, env, options).main();
};

class Make {
  readonly #level: number;
  readonly #vars: Variables;
  readonly #rules = new Rules();
  readonly #name: string;
  readonly #runner: RecipeRunner;

  constructor(
    readonly sys: SysCalls,
    readonly env: Map<string, string>,
    readonly options: MakeOptions,
  ) {
    this.#level = Number(env.get("MAKELEVEL") ?? "0") || 0;
    this.#name = this.#level > 0 ? `make[${this.#level}]` : "make";
    this.#vars = new Variables(worldOf(sys, env, () => this.#vars.place));
    const echo = (text: string) => print(sys, 1, `${text}\n`);
    this.#runner = new RecipeRunner(
      sys,
      this.#name,
      this.#vars,
      () => this.#childEnv(),
      echo,
      (t) => this.#complain(t),
      options,
    );
  }

  /** On standard output: what is no complaint. */
  #say(text: string): Promise<void> {
    return print(this.sys, 1, `${this.#name}: ${text}\n`);
  }

  #complain(text: string): Promise<void> {
    return print(this.sys, 2, `${this.#name}: ${text}\n`);
  }

  async main(): Promise<number> {
    for (const dir of this.options.directories) {
      const moved = await attempt(this.sys.chdir(dir));
      if (moved.ok) continue;
      await this.#complain(`*** ${dir}: ${strerror(moved.code)}.  Stop.`);
      return FAILED;
    }
    const cwd = await this.sys.getcwd();
    const { printDirectory, directories, silent } = this.options;
    const tells = printDirectory ?? (!silent && (directories.length > 0 || this.#level > 0));
    if (tells) await this.#say(`Entering directory '${cwd}'`);
    const status = await this.#guarded(cwd);
    if (tells) await this.#say(`Leaving directory '${cwd}'`);
    return status;
  }

  async #guarded(cwd: string): Promise<number> {
    try {
      await this.#defaults(cwd);
      await this.#readMakefiles();
      return await this.#build();
    } catch (error) {
      if (error instanceof NotRemade) return FAILED;
      if (!(error instanceof Stop)) throw error;
      const before = error.before && `${error.before}\n`;
      await print(this.sys, 2, `${before}${error.place || this.#name}: *** ${error.text}.  Stop.\n`);
      return FAILED;
    }
  }

  async #defaults(cwd: string): Promise<void> {
    for (const [name, value] of this.env) this.#vars.put(name, value, "environment", false);
    const { goals, assignments } = this.options;
    const own: [string, string][] = [
      ...(
        [
          ["MAKE", "make"],
          ["SHELL", "/bin/sh"],
          ["CURDIR", cwd],
          ["MAKE_VERSION", "4.3"],
        ] as const
      ).map(([a, b]): [string, string] => [a, b]),
      ["RM", "rm -f"],
      ["MAKECMDGOALS", goals.join(" ")],
      ["MAKELEVEL", String(this.#level)],
      ["MAKEFLAGS", makeflagsOf(this.options)],
    ];
    for (const [name, value] of own) this.#vars.put(name, value, "default");
    for (const text of assignments) {
      const [, name, op, value] = ASSIGNMENT.exec(text) as RegExpExecArray;
      await this.#vars.assign(name, op as Operator, value.trimStart(), "command line");
    }
  }

  async #readMakefiles(): Promise<void> {
    const files = { read: (path: string) => readIfThere(this.sys, path) };
    const reader = new MakefileReader(this.#vars, this.#rules, files);
    for (const path of this.options.files) {
      const text = await files.read(path);
      if (text === null) throw missingMakefile(path, this.#name);
      await reader.read(path, text);
    }
    if (this.options.files.length > 0) return;
    for (const path of DEFAULT_FILES) {
      const text = await files.read(path);
      if (text !== null) return reader.read(path, text);
    }
    if (this.options.goals.length === 0) throw new Stop("No targets specified and no makefile found");
  }

  async #build(): Promise<number> {
    const { keepGoing } = this.options;
    const times = (path: string) => mtimeOf(this.sys, path);
    const say = (text: string) => (text.startsWith("***") ? this.#complain(text) : this.#say(text));
    const builder = new Builder(this.#rules, this.#vars, this.#runner, times, say, this.options);
    const named = (await this.#vars.value(".DEFAULT_GOAL")) || this.#rules.firstTarget;
    const goals = this.options.goals.length > 0 ? this.options.goals : named === null ? [] : [named];
    if (goals.length === 0) throw new Stop("No targets");
    let failed = false;
    for (const goal of goals) {
      try {
        await builder.goal(goal);
      } catch (error) {
        if (!(error instanceof NotRemade) || !keepGoing) throw error;
        failed = true;
      }
    }
    if (failed) return FAILED;
    return this.options.question && builder.outdated ? 1 : 0;
  }

  /** What a recipe's commands see: our environment, exported variables, and what a make below needs. */
  async #childEnv(): Promise<Map<string, string>> {
    const env = new Map(this.env);
    const vars = this.#vars;
    for (const name of vars.names()) {
      const origin = vars.origin(name);
      const inherited = this.env.has(name) && origin === "file";
      const all = vars.exportAll && origin === "file" && /^\w+$/.test(name);
      if (vars.exported.has(name) || inherited || all || origin === "command line") {
        env.set(name, await vars.value(name));
      }
    }
    env.set("MAKELEVEL", String(this.#level + 1));
    env.set("MAKEFLAGS", await vars.value("MAKEFLAGS"));
    return env;
  }
}
