// rules.ts - what can be made from what.
import { stemOf, withStem } from "./words.ts";

export interface RecipeLine {
  text: string;
  /** `Makefile:3`, for messages. */
  place: string;
}

export interface Rule {
  prereqs: string[];
  /** Must be there first, however old or new. */
  orderOnly: string[];
  recipe: RecipeLine[];
  place: string;
  stem: string;
}

interface PatternRule {
  targets: string[];
  prereqs: string[];
  orderOnly: string[];
  recipe: RecipeLine[];
  place: string;
}

/** `dir/` of a target goes before what the stem makes of a prerequisite. */
function match(pattern: string, target: string): { stem: string; dir: string } | null {
  const whole = stemOf(pattern, target);
  if (whole !== null && whole !== "") return { stem: whole, dir: "" };
  if (pattern.includes("/")) return null;
  const slash = target.lastIndexOf("/") + 1;
  const stem = stemOf(pattern, target.slice(slash));
  return stem === null || stem === "" ? null : { stem, dir: target.slice(0, slash) };
}

export class Rules {
  readonly #explicit = new Map<string, Rule>();
  readonly #patterns: PatternRule[] = [];
  readonly phony = new Set<string>();
  /** Values that hold while a target and what it needs are made. */
  readonly targetVariables = new Map<string, [name: string, op: string, value: string][]>();
  /** Of the first makefile that names one. */
  firstTarget: string | null = null;

  explicit(target: string): Rule | undefined {
    return this.#explicit.get(target);
  }

  /** The rule of a target, made when there is none: prerequisites come from several places. */
  open(target: string, place: string): Rule {
    let rule = this.#explicit.get(target);
    if (rule === undefined) {
      rule = { prereqs: [], orderOnly: [], recipe: [], place, stem: "" };
      this.#explicit.set(target, rule);
    }
    if (!/^\.[A-Z_]+$/.test(target)) this.firstTarget ??= target;
    return rule;
  }

  addPattern(rule: PatternRule): void {
    this.#patterns.push(rule);
  }

  /**
   * The first pattern rule whose prerequisites `canBeMade`, as a rule for this
   * target; null when none fits.
   */
  async implicit(target: string, canBeMade: (file: string) => Promise<boolean>): Promise<Rule | null> {
    for (const rule of this.#patterns) {
      if (rule.recipe.length === 0) continue;
      const found = rule.targets.map((t) => match(t, target)).find((m) => m !== null);
      if (!found) continue;
      const name = (p: string) => (p.includes("%") ? found.dir + withStem(p, found.stem) : p);
      const prereqs = rule.prereqs.map(name);
      if (!(await all(prereqs, canBeMade))) continue;
      const { recipe, place, orderOnly } = rule;
      return { prereqs, orderOnly: orderOnly.map(name), recipe, place, stem: found.dir + found.stem };
    }
    return null;
  }
}

async function all(list: string[], holds: (item: string) => Promise<boolean>): Promise<boolean> {
  for (const item of list) if (!(await holds(item))) return false;
  return true;
}
