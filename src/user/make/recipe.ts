// recipe.ts - runs recipes, one shell for each line.
import { attempt, strerror } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { encode } from "../text.ts";
import { decodeStatus } from "../waitStatus.ts";
import { signalText } from "../signals.ts";
import { NotRemade, placed } from "./failure.ts";
import type { RecipeLine } from "./rules.ts";
import type { Variables } from "./variables.ts";

export interface RecipeFlags {
  silent: boolean;
  justPrint: boolean;
  ignoreErrors: boolean;
}

/** No character that asks for a shell. */
const PLAIN = /^[\w@%+,./:-][\w\s@%+,./:=-]*$/;
const SHELL_WORDS = new Set([
  ":",
  "cd",
  "exit",
  "export",
  "set",
  "test",
  "true",
  "false",
  "read",
  "exec",
  "for",
  "if",
  "while",
  "case",
  "ulimit",
  "umask",
  "unset",
  "wait",
  "trap",
  "type",
  "command",
  "alias",
]);

export class RecipeRunner {
  /** Recipes run so far. */
  ran = 0;

  constructor(
    readonly sys: SysCalls,
    /** Our name in messages: `make[1]`. */
    readonly who: string,
    readonly vars: Variables,
    readonly env: () => Promise<Map<string, string>>,
    readonly echo: (text: string) => Promise<void>,
    readonly say: (text: string) => Promise<void>,
    readonly flags: RecipeFlags,
  ) {}

  /** @throws NotRemade when a line fails, after saying so. */
  async run(target: string, recipe: RecipeLine[]): Promise<void> {
    for (const line of recipe) {
      for (const text of (await this.#expand(line)).split(/(?<!\\)\n/)) {
        await this.#line(target, text, line.text, line.place);
      }
    }
  }

  async #expand({ text, place }: RecipeLine): Promise<string> {
    this.vars.place = place;
    try {
      return await this.vars.expand(text);
    } catch (error) {
      throw placed(error, place);
    }
  }

  async #line(target: string, expanded: string, raw: string, place: string): Promise<void> {
    const [, marks, command] = /^([\s@+-]*)([\s\S]*)$/.exec(expanded) as RegExpExecArray;
    if (command.trim() === "") return;
    const always = marks.includes("+") || /\$[({]MAKE[)}]/.test(raw);
    if (this.flags.justPrint || (!marks.includes("@") && !this.flags.silent)) await this.echo(command);
    if (this.flags.justPrint && !always) return;
    this.ran++;
    const failure = await this.#command(command);
    if (failure === null) return;
    const ignored = marks.includes("-") || this.flags.ignoreErrors;
    await this.say(`${ignored ? "" : "*** "}[${place}: ${target}] ${failure}${ignored ? " (ignored)" : ""}`);
    if (!ignored) throw new NotRemade(target);
  }

  /** Null, or `Error 1` or a signal's name. */
  async #command(command: string): Promise<string | null> {
    const env = await this.env();
    const argv = argvOf(command);
    const pid = await this.sys.fork((sys) =>
      argv ? execFound(sys, argv, env, this.who) : execShell(sys, command, env),
    );
    const ended = await this.sys.wait4(pid, 0);
    const ending = decodeStatus(ended?.status ?? 0);
    if (ending.kind === "signaled") return signalText(ending.signal);
    return ending.kind === "exited" && ending.code !== 0 ? `Error ${ending.code}` : null;
  }
}

/** The words of a command that needs no shell, else null. */
function argvOf(command: string): string[] | null {
  if (!PLAIN.test(command)) return null;
  const argv = command.split(/\s+/).filter(Boolean);
  return argv[0].includes("=") || SHELL_WORDS.has(argv[0]) ? null : argv;
}

async function execShell(sys: SysCalls, command: string, env: Map<string, string>): Promise<number> {
  return sys.execve("/bin/sh", ["/bin/sh", "-c", command], env);
}

async function execFound(
  sys: SysCalls,
  argv: string[],
  env: Map<string, string>,
  who: string,
): Promise<number> {
  const path = argv[0].includes("/") ? [""] : (env.get("PATH") ?? "/usr/bin").split(":").map((d) => `${d}/`);
  let code = 2;
  for (const dir of path) {
    const r = await attempt<never>(sys.execve(dir + argv[0], argv, env));
    if (!r.ok && r.code !== 2) code = r.code;
  }
  await attempt(sys.write(2, encode(`${who}: ${argv[0]}: ${strerror(code)}\n`)));
  return 127;
}
