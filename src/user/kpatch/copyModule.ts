// copyModule.ts - the last step of a build: its module goes where it was asked for.
import { attempt, strerror } from "../errno.ts";
import { writeFile } from "./io.ts";
import type { Tool } from "./tool.ts";

/** False when it cannot, after saying so in cp's words. */
export async function copyModule({ sys, err }: Tool, path: string, ko: Uint8Array): Promise<boolean> {
  const done = await attempt(writeFile(sys, path, ko));
  if (!done.ok) await err(`cp: cannot create regular file '${path}': ${strerror(done.code)}`);
  return done.ok;
}
