// helped.ts - --help and --version for a program that has no words for them itself.

import type { Program } from "./sys.ts";
import { encode } from "./text.ts";

/** This program, answering --help with its usage, and --version. */
export function helped(name: string, usage: string, program: Program): Program {
  const answers: Record<string, string> = { "--help": usage, "--version": `${name} (Patchbay) 1.0` };
  return async (args) => {
    const answer = args.argv.length === 2 ? answers[args.argv[1]!] : undefined;
    if (answer === undefined) return program(args);
    await args.sys.write(1, encode(`${answer}\n`));
    return 0;
  };
}
