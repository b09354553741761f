// linkCalls.ts - link and unlink: the system calls of those names.

import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { utility } from "./command.ts";

const link = utility(
  "link",
  {
    help: "Usage: link FILE1 FILE2\nCall the link function to create a link named FILE2 to an existing FILE1.",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    if (c.operands.length === 1) await c.usage(`missing operand after ‘${c.operands[0]}’`);
    if (c.operands.length > 2) await c.usage(`extra operand ‘${c.operands[2]}’`);
    const [from, to] = c.operands as [string, string];
    const r = await attempt(c.sys.link(from, to));
    if (!r.ok) await c.die(`cannot create link '${to}' to '${from}': ${strerror(r.code)}`);
  },
);

const unlink = utility(
  "unlink",
  { help: "Usage: unlink FILE\nCall the unlink function to remove the specified FILE." },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    if (c.operands.length > 1) await c.usage(`extra operand ‘${c.operands[1]}’`);
    const r = await attempt(c.sys.unlink(c.operands[0]!));
    if (!r.ok) await c.die(`cannot unlink '${c.operands[0]}': ${strerror(r.code)}`);
  },
);

export const linkCalls: Record<string, Program> = { link, unlink };
