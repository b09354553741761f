// index.ts - the pages of the manual.

import type { Page } from "../format.ts";
import { concepts } from "./livepatch.ts";
import { administration } from "./modules.ts";
import { patching } from "./patching.ts";
import { terminal } from "./terminal.ts";

export const PAGES: readonly Page[] = [...concepts, ...patching, ...administration, ...terminal];
