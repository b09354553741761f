// index.ts - the programs of this folder by the name they are started by.
import type { Program } from "../sys.ts";
import { asc } from "./asc.ts";
import { make } from "./make.ts";
import { modpost } from "./modpost.ts";

export const makePrograms: Record<string, Program> = { asc, make, modpost };
