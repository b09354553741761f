/** Console sessions: commands typed one after another, and what each of them prints. */

import { inMachine } from "../tools/live.ts";

export interface Step {
  command: string;
  output: string;
}

const MARK = "=== end of a step";

/** Lines of a session: `# command`, and what it prints up to the next one. */
export function parseSession(lines: string[]): Step[] {
  const steps: Step[] = [];
  for (const line of lines) {
    if (line.startsWith("# ")) steps.push({ command: line.slice(2), output: "" });
    else steps.at(-1)!.output += `${line}\n`;
  }
  return steps;
}

/** One shell for all steps; what each printed, without time stamps. */
export async function outputs(steps: Step[], dir: string): Promise<string[]> {
  const script = steps.map(({ command }) => `${command}\necho '${MARK}'`).join("\n");
  const text = `cd ${dir}\nexec 2>&1\n${script}\n`;
  const said = await inMachine((guest) => guest.run("bash /root/session.sh"), { "root/session.sh": text });
  return said.text
    .replace(/^\[ *\d+\.\d+\] /gm, "")
    .replace(/^\/root\/session\.sh: line \d+: /gm, "bash: ")
    .split(`${MARK}\n`)
    .slice(0, -1);
}
