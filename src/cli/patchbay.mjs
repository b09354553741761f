#!/usr/bin/env node
// patchbay.mjs - the command `patchbay` of a checkout: bundles src/cli/main.ts and runs it.
import { pathToFileURL } from "node:url";
import { ensureInstalled } from "../setup/install.mjs";
import { ensureKernel } from "../setup/kernel.mjs";
import { bundle } from "../setup/run.mjs";

ensureInstalled();
ensureKernel();
await import(pathToFileURL(await bundle("src/cli/main.ts")).href);
