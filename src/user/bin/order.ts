// order.ts - tsort: a total order out of pairs.

import type { Program } from "../sys.ts";
import { utility } from "./command.ts";

interface Item {
  /** How many items have to come before. */
  before: number;
  after: string[];
}

/** Takes what nothing stands before; `loop` hears of what is left when there is a circle. */
function sorted(items: Map<string, Item>, loop: (members: string[]) => void): string[] {
  const out: string[] = [];
  const free = [...items].filter(([, i]) => i.before === 0).map(([name]) => name);
  while (items.size > 0) {
    const name = free.shift() ?? broken(items, loop);
    const item = items.get(name);
    if (!item) continue;
    items.delete(name);
    out.push(name);
    for (const next of item.after) {
      const other = items.get(next);
      if (other && --other.before === 0) free.push(next);
    }
  }
  return out;
}

/** Goes back along the arrows until a name comes again. */
function broken(items: Map<string, Item>, loop: (members: string[]) => void): string {
  const seen: string[] = [];
  let name = [...items.keys()].sort()[0]!;
  while (!seen.includes(name)) {
    seen.push(name);
    name = [...items].find(([, i]) => i.after.includes(name))![0];
  }
  const members = [name, ...seen.slice(seen.indexOf(name) + 1).reverse()];
  loop(members);
  return members[0]!;
}

const tsort = utility(
  "tsort",
  {
    help: "Usage: tsort [OPTION] [FILE]\nWrite totally ordered list consistent with the partial ordering in FILE.",
  },
  async (c) => {
    if (c.operands.length > 1) await c.usage(`extra operand ‘${c.operands[1]}’`);
    const path = c.operands[0] ?? "-";
    const text = await c.slurpText(path);
    if (text === null) return 1;
    const words = text.split(/\s+/).filter(Boolean);
    if (words.length % 2 === 1) await c.die(`${path}: input contains an odd number of tokens`);
    const items = new Map<string, Item>();
    const item = (name: string): Item => {
      if (!items.has(name)) items.set(name, { before: 0, after: [] });
      return items.get(name)!;
    };
    for (let i = 0; i < words.length; i += 2) {
      const [a, b] = [words[i]!, words[i + 1]!];
      const [first, second] = [item(a), item(b)];
      if (a === b) continue;
      first.after.push(b);
      second.before++;
    }
    const loops: string[][] = [];
    const out = sorted(items, (members) => loops.push(members));
    for (const members of loops) {
      await c.warn(`${path}: input contains a loop:`);
      for (const name of members) await c.warn(name);
    }
    await c.out(out.map((name) => `${name}\n`).join(""));
    return c.status;
  },
);

export const ordering: Record<string, Program> = { tsort };
