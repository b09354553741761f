// makefile.ts - reads makefiles: assignments and conditionals take effect line by line, rules are collected.
import { holds, type Conditional } from "./conditions.ts";
import { missingMakefile, placed, Stop } from "./failure.ts";
import { findOutside, logicalLines, withoutComment, type MakeLine } from "./lines.ts";
import type { RecipeLine, Rule, Rules } from "./rules.ts";
import type { Operator, Variables } from "./variables.ts";
import { stemOf, words } from "./words.ts";

const ASSIGNMENT =
  /^\s*((?:(?:export|override)\s+)*)((?:\$\([^)]*\)|\$\{[^}]*\}|[^\s:#=!?+$])+)\s*(:{0,3}=|\?=|\+=|!=)\s*([\s\S]*)$/;

const UNSUPPORTED = /^(define|endef|vpath|undefine|load)\b/;

export interface Files {
  /** Text of a makefile, or null. */
  read(path: string): Promise<string | null>;
}

/** A rule whose recipe lines are being read. */
interface OpenRule {
  rule: { recipe: RecipeLine[] };
  /** No line yet: the first one replaces the recipe an earlier rule gave. */
  fresh: boolean;
}

function addLine(open: OpenRule[], line: RecipeLine): void {
  for (const entry of open) {
    if (entry.fresh) entry.rule.recipe = [];
    entry.fresh = false;
    entry.rule.recipe.push(line);
  }
}

export class MakefileReader {
  /** The rules the next recipe line belongs to; null when none is open. */
  #open: OpenRule[] | null = null;

  constructor(
    readonly vars: Variables,
    readonly rules: Rules,
    readonly files: Files,
  ) {}

  async read(path: string, text: string): Promise<void> {
    const list = this.vars.raw("MAKEFILE_LIST");
    this.vars.put("MAKEFILE_LIST", `${list} ${path}`.trim(), "file");
    const conditions: Conditional[] = [];
    this.#open = null;
    for (const line of logicalLines(text)) {
      const place = `${path}:${line.number}`;
      this.vars.place = place;
      try {
        await this.#line(line, place, conditions);
      } catch (error) {
        throw placed(error, place);
      }
    }
    this.vars.place = "";
    if (conditions.length > 0) throw new Stop("missing 'endif'", `${path}:${text.split("\n").length}`);
    this.#open = null;
  }

  async #line(line: MakeLine, place: string, conditions: Conditional[]): Promise<void> {
    if (line.recipe && this.#open !== null) {
      if (active(conditions)) addLine(this.#open, { text: line.text.slice(1), place });
      return;
    }
    const text = withoutComment(line.text).trim();
    if (text === "" || (await this.#conditional(text, conditions)) || !active(conditions)) return;
    if (UNSUPPORTED.test(text)) throw new Stop(`this make has no '${text.split(/\s/)[0]}'`);
    if (await this.#directive(text, place)) return;
    const assignment = ASSIGNMENT.exec(withoutComment(line.text).trimStart());
    if (assignment) return this.#assign(assignment);
    if (!(await this.#rule(text, place))) throw new Stop(noRule(line));
  }

  /** `ifeq`, `else`, `endif` and their like; true when the line was one. */
  async #conditional(text: string, conditions: Conditional[]): Promise<boolean> {
    const [, word, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text) as RegExpExecArray;
    if (/^if(eq|neq|def|ndef)$/.test(word)) {
      const on = active(conditions) && (await holds(this.vars, word, rest));
      conditions.push({ on, done: on || !active(conditions), last: false });
    } else if (word === "else") {
      const top = conditions.at(-1);
      if (top === undefined) throw new Stop("extraneous 'else'");
      if (top.last) throw new Stop("only one 'else' per conditional");
      top.on = false;
      const test = /^(if\S+)\s*([\s\S]*)$/.exec(rest);
      top.last = test === null;
      if (!top.done) top.on = test ? await holds(this.vars, test[1], test[2]) : true;
      top.done ||= top.on;
    } else if (word === "endif") {
      if (conditions.pop() === undefined) throw new Stop("extraneous 'endif'");
    } else return false;
    return true;
  }

  async #directive(text: string, place: string): Promise<boolean> {
    const include = /^(-?include|sinclude)\s+([\s\S]+)$/.exec(text);
    if (include) {
      await this.#include(words(await this.vars.expand(include[2])), include[1] !== "include", place);
      return true;
    }
    const exporting = /^(un)?export(?:\s+([^=]*))?$/.exec(text);
    if (!exporting) return false;
    const names = words(await this.vars.expand(exporting[2] ?? ""));
    if (names.length === 0) this.vars.exportAll = exporting[1] === undefined;
    for (const name of names) {
      if (exporting[1]) this.vars.exported.delete(name);
      else this.vars.exported.add(name);
    }
    return true;
  }

  async #include(paths: string[], optional: boolean, place: string): Promise<void> {
    for (const path of paths) {
      const text = await this.files.read(path);
      if (text !== null) await this.read(path, text);
      else if (!optional) throw missingMakefile(path, place);
    }
  }

  async #assign([, flags, name, op, value]: RegExpExecArray): Promise<void> {
    this.#open = null;
    const key = await this.vars.expand(name);
    const origin = /override/.test(flags) ? "override" : "file";
    if (/export/.test(flags)) this.vars.exported.add(key);
    await this.vars.assign(key, op as Operator, value, origin);
  }

  /** `targets: prerequisites | order-only`, or with a pattern, or with a variable; false for no rule. */
  async #rule(text: string, place: string): Promise<boolean> {
    const semicolon = findOutside(text, ";");
    const head = await this.vars.expand(semicolon < 0 ? text : text.slice(0, semicolon));
    const colon = /^([\s\S]*?)(?<!:)(::?)(?![=:])([\s\S]*)$/.exec(head);
    if (!colon) return head.trim() === "";
    const targets = words(colon[1]);
    const variable = semicolon < 0 ? ASSIGNMENT.exec(colon[3]) : null;
    if (variable) {
      this.#targetVariable(targets, variable);
      return true;
    }
    this.#open = this.#addRule(targets, colon[3], place).map((rule) => ({ rule, fresh: true }));
    if (semicolon >= 0) addLine(this.#open, { text: text.slice(semicolon + 1).trimStart(), place });
    return true;
  }

  #targetVariable(targets: string[], [, , name, op, value]: RegExpExecArray): void {
    for (const target of targets) {
      const list = this.rules.targetVariables.get(target) ?? [];
      this.rules.targetVariables.set(target, [...list, [name, op, value]]);
    }
    this.#open = null;
  }

  /** The rules the following lines belong to. */
  #addRule(targets: string[], rest: string, place: string): { recipe: RecipeLine[] }[] {
    const [pattern, tail] = splitPattern(rest);
    const [normal, orderOnly = ""] = tail.split("|");
    const parts = { prereqs: words(normal), orderOnly: words(orderOnly) };
    if (pattern === null && targets.some((t) => t.includes("%"))) {
      const rule = { targets, ...parts, recipe: [], place };
      this.rules.addPattern(rule);
      return [rule];
    }
    if (targets.includes(".PHONY")) for (const name of parts.prereqs) this.rules.phony.add(name);
    return targets.map((target) => this.#addExplicit(target, pattern, parts, place));
  }

  #addExplicit(
    target: string,
    pattern: string | null,
    parts: { prereqs: string[]; orderOnly: string[] },
    place: string,
  ): Rule {
    const stem = pattern === null ? "" : stemOf(pattern, target);
    if (stem === null) throw new Stop(`target '${target}' doesn't match the target pattern`);
    const named = (p: string) => (pattern === null ? p : p.replace("%", () => stem));
    const rule = this.rules.open(target, place);
    rule.prereqs.push(...parts.prereqs.map(named));
    rule.orderOnly.push(...parts.orderOnly.map(named));
    rule.stem ||= stem;
    return rule;
  }
}

/** What is wrong with a line that is neither rule nor assignment. */
function noRule({ recipe, text }: MakeLine): string {
  if (recipe) return "recipe commences before first target";
  const advice = text.startsWith(" ".repeat(8)) ? " (did you mean TAB instead of 8 spaces?)" : "";
  return `missing separator${advice}`;
}

const active = (conditions: Conditional[]): boolean => conditions.every(({ on }) => on);

/** Of a static pattern rule, `pattern: prerequisites`. */
function splitPattern(rest: string): [pattern: string | null, tail: string] {
  const colon = rest.indexOf(":");
  return colon < 0 ? [null, rest] : [rest.slice(0, colon).trim(), rest.slice(colon + 1)];
}
