import { init } from "./init.ts";
import { bash } from "./sh/main.ts";
import type { Program } from "./sys.ts";

/** What runs before the first prompt; a page fetches the other programs after it. */
export const essentials: ReadonlyMap<string, Program> = new Map(Object.entries({ init, bash, sh: bash }));
