// builder.ts - brings targets up to date: what is older than what it needs is made again.
import { NotRemade, Stop } from "./failure.ts";
import type { RecipeRunner } from "./recipe.ts";
import type { Rule, Rules } from "./rules.ts";
import type { Operator, Variables } from "./variables.ts";
import { dirOf, notDir } from "./words.ts";

export interface BuildFlags {
  always: boolean;
  keepGoing: boolean;
  question: boolean;
  justPrint: boolean;
  silent: boolean;
}

/** How a target stands after it was looked at. */
interface State {
  /** Modification time; -1 without a file; Infinity when it was made now. */
  mtime: number;
  /** Some recipe ran for it or for what it needs. */
  worked: boolean;
}

export class Builder {
  readonly #done = new Map<string, State | NotRemade>();
  readonly #inProgress = new Set<string>();
  /** A recipe would have run, were it not for -q. */
  outdated = false;

  constructor(
    readonly rules: Rules,
    readonly vars: Variables,
    readonly runner: RecipeRunner,
    readonly mtimeOf: (path: string) => Promise<number>,
    readonly say: (text: string) => Promise<void>,
    readonly flags: BuildFlags,
  ) {}

  /** A target of the command line, and what make says when there was nothing to do. */
  async goal(target: string): Promise<void> {
    const state = await this.#update(target, null);
    if (state.worked || this.flags.question || this.flags.silent) return;
    const recipe = (await this.#ruleFor(target))?.recipe ?? [];
    const upToDate = recipe.length > 0 && !this.rules.phony.has(target);
    await this.say(upToDate ? `'${target}' is up to date.` : `Nothing to be done for '${target}'.`);
  }

  async #update(target: string, parent: string | null): Promise<State> {
    const known = this.#done.get(target);
    if (known instanceof NotRemade) throw known;
    if (known !== undefined) return known;
    if (this.#inProgress.has(target)) {
      await this.say(`Circular ${parent} <- ${target} dependency dropped.`);
      return { mtime: -1, worked: false };
    }
    this.#inProgress.add(target);
    try {
      const state = await this.#scoped(target, () => this.#make(target, parent));
      this.#done.set(target, state);
      return state;
    } catch (error) {
      if (error instanceof NotRemade) this.#done.set(target, error);
      throw error;
    } finally {
      this.#inProgress.delete(target);
    }
  }

  /** With the target's own variables set. */
  async #scoped(target: string, body: () => Promise<State>): Promise<State> {
    const own = this.rules.targetVariables.get(target);
    if (own === undefined) return body();
    const names = new Map(own.map(([name]) => [name, this.vars.raw(name)]));
    return this.vars.withScope(names, async () => {
      for (const [name, op, value] of own) await this.vars.assign(name, op as Operator, value, "file");
      return body();
    });
  }

  /** Its own rule, completed by a pattern rule's recipe where it has none. */
  async #ruleFor(target: string): Promise<Rule | null> {
    const own = this.rules.explicit(target);
    if (own && (own.recipe.length > 0 || this.rules.phony.has(target))) return own;
    const found = await this.rules.implicit(target, (file) => this.#canBeMade(file, [target]));
    if (found === null || own === undefined) return found ?? own ?? null;
    const { orderOnly } = own;
    return {
      ...found,
      prereqs: [...found.prereqs, ...own.prereqs],
      orderOnly: [...found.orderOnly, ...orderOnly],
    };
  }

  async #canBeMade(file: string, chain: string[]): Promise<boolean> {
    if (this.rules.explicit(file) || (await this.mtimeOf(file)) >= 0) return true;
    if (chain.includes(file) || chain.length > 4) return false;
    return (await this.rules.implicit(file, (f) => this.#canBeMade(f, [...chain, file]))) !== null;
  }

  async #make(target: string, parent: string | null): Promise<State> {
    const rule = await this.#ruleFor(target);
    const mtime = this.rules.phony.has(target) ? -1 : await this.mtimeOf(target);
    if (rule === null) {
      if (mtime >= 0) return { mtime, worked: false };
      const needed = parent === null ? "" : `, needed by '${parent}'`;
      throw await this.#giveUp(target, `No rule to make target '${target}'${needed}.`);
    }
    const needed = await this.#prerequisites(target, rule, parent === null);
    const newer = rule.prereqs.filter((_, i) => needed[i].mtime > mtime);
    const worked = needed.some((state) => state.worked);
    if (mtime >= 0 && newer.length === 0 && !this.flags.always) return { mtime, worked };
    if (rule.recipe.length === 0)
      return { mtime: mtime >= 0 && newer.length === 0 ? mtime : Infinity, worked };
    this.outdated = true;
    if (this.flags.question) return { mtime: Infinity, worked: true };
    await this.#run(target, rule, newer);
    const after = this.flags.justPrint ? -1 : await this.mtimeOf(target);
    // A recipe that leaves no file, or leaves it alone, counts as having made it.
    return { mtime: after > mtime ? after : mtime >= 0 && after === mtime ? after : Infinity, worked: true };
  }

  async #run(target: string, rule: Rule, newer: string[]): Promise<void> {
    const unique = [...new Set(rule.prereqs)];
    const scope = new Map<string, string>();
    const set = (letter: string, list: string[]) => {
      scope.set(letter, list.join(" "));
      scope.set(`${letter}D`, list.map((p) => dirOf(p).replace(/(.)\/$/, "$1")).join(" "));
      scope.set(`${letter}F`, list.map(notDir).join(" "));
    };
    set("@", [target]);
    set("<", rule.prereqs.slice(0, 1));
    set("^", unique);
    set("+", rule.prereqs);
    set("?", [...new Set(newer)]);
    set("*", [rule.stem]);
    scope.set("|", rule.orderOnly.join(" "));
    await this.vars.withScope(scope, () => this.runner.run(target, rule.recipe));
  }

  /** Brings all it needs up to date; with -k goes on behind one that cannot be made. */
  async #prerequisites(target: string, rule: Rule, isGoal: boolean): Promise<State[]> {
    const states: State[] = [];
    let failed: NotRemade | null = null;
    for (const prereq of [...rule.prereqs, ...rule.orderOnly]) {
      try {
        states.push(await this.#update(prereq, target));
      } catch (error) {
        if (!(error instanceof NotRemade) || !this.flags.keepGoing) throw error;
        failed = error;
      }
    }
    if (failed === null) return states.slice(0, rule.prereqs.length);
    if (isGoal) await this.say(`Target '${target}' not remade because of errors.`);
    throw new NotRemade(target);
  }

  async #giveUp(target: string, text: string): Promise<Stop | NotRemade> {
    if (!this.flags.keepGoing) return new Stop(text.replace(/\.$/, ""));
    await this.say(`*** ${text}`);
    return new NotRemade(target);
  }
}
