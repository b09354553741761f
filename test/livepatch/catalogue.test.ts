/**
 * Every line of the contract's catalogue (4.1) is demanded by some test, or
 * stands here with the reason why it cannot occur.
 */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseTranscripts } from "./notation.ts";

const HERE = new URL(".", import.meta.url).pathname;
const BEHAVIOURS = new URL("../behaviours/", import.meta.url).pathname;

const textOf = (dir: string, pattern: RegExp) =>
  readdirSync(dir)
    .filter((name) => pattern.test(name) && name !== "catalogue.test.ts")
    .map((name) => readFileSync(`${dir}${name}`, "utf8"));

/** Everything tests expect: transcripts, outputs of behaviours, and their own text. */
const corpus = [
  ...[...parseTranscripts(readFileSync(`${HERE}transcripts.txt`, "utf8")).values()].flat(),
  ...textOf(BEHAVIOURS, /\.out$/),
  ...textOf(HERE, /\.test\.ts$/),
].join("\n");

const DEMANDED = [
  /livepatch: enabling patch '\w+'/,
  /livepatch: '\w+': initializing patching transition/,
  /livepatch: '\w+': initializing unpatching transition/,
  /livepatch: '\w+': starting patching transition/,
  /livepatch: '\w+': starting unpatching transition/,
  /livepatch: '\w+': completing patching transition/,
  /livepatch: '\w+': completing unpatching transition/,
  /livepatch: '\w+': patching complete/,
  /livepatch: '\w+': unpatching complete/,
  /livepatch: '\w+': canceling patching transition, going to unpatch/,
  /livepatch: '\w+': reversing transition from patching to unpatching/,
  /livepatch: '\w+': reversing transition from unpatching to patching/,
  /livepatch: signaling remaining tasks/,
  /livepatch: forcing remaining tasks to the patched state/,
  /klp_try_switch_task: .* has an unreliable stack/,
  /klp_try_switch_task: .* is sleeping on function \w+/,
  /livepatch: pre-patch callback failed for object '\w+'/,
  /livepatch: failed to patch object '\w+'/,
  /livepatch: failed to enable patch '\w+'/,
  /livepatch: applying patch '\w+' to loading module '\w+'/,
  /livepatch: reverting patch '\w+' on unloading module '\w+'/,
  /livepatch: failed to initialize patch '\w+' for module '\w+' \(-22\)/,
  /livepatch: failed to apply patch '\w+' to module '\w+' \(-22\)/,
  /livepatch: patch '\w+' failed for module '\w+', refusing to load module '\w+'/,
  /livepatch: Livepatch patch \(\w+\) is not compatible with the already installed livepatches\./,
  /livepatch: module \w+ is not marked as a livepatch module/,
  /livepatch: symbol '\w+' not found in symbol table/,
  /livepatch: unresolvable ambiguity for symbol '\w+' in object '\(null\)'/,
  /livepatch: symbol position \d+ for symbol '\w+' in object 'vmlinux' not found/,
  /livepatch: kallsyms size lookup failed for '\w+'"/,
  /livepatch: kallsyms size lookup failed for '\w+' replacement/,
  /livepatch: failed to find location for function '/,
  /livepatch: failed to register ftrace handler for function '\w+' \(-16\)/,
  /livepatch: vmlinux\.ko: invalid module name/,
  /livepatch: Failed to construct shadow variable/,
  /Duplicate shadow variable/,
  /\w+: loading out-of-tree module taints kernel\./,
  /\w+: tainting kernel with TAINT_LIVEPATCH/,
  /\w+: module verification failed: signature and\/or required key missing - tainting kernel/,
  /The ftrace_enabled file is deprecated and no longer disables ftrace/,
];

const CANNOT_OCCUR: Record<string, string> = {
  "klp_try_switch_task: COMM:PID is running": "one CPU: only the caller runs, and it may check itself",
  "klp_try_switch_task: Unknown error code": "the stack check has no other answers; nor has Linux's",
  "This architecture doesn't have support for the livepatch consistency model.":
    "record lists are reliable stacks",
  "The livepatch transition may never complete.": "follows the line above",
  "failed to set ftrace filter for function 'F' (N)": "ftrace here has no internal error that it survives",
  "symbol S at rela sec N idx N is not marked as a livepatch symbol": "no ELF relocations in a Wasm module",
  "symbol S has an incorrectly formatted name": "likewise",
  "section S has an incorrectly formatted name": "likewise",
  "invalid access to vmlinux symbol 'S' from module-specific livepatch relocation section": "likewise",
  "module is marked as livepatch module, but livepatch support is disabled": "it is never disabled",
};

describe("the catalogue of messages", () => {
  it.each(DEMANDED.map((line) => [line.source, line] as const))("%s", (_source, line) => {
    expect(line.test(corpus)).toBe(true);
  });

  it("every message of the source is in one of the two lists", () => {
    const kernel = new URL("../../kernel-as/kernel/livepatch/", import.meta.url).pathname;
    const messages = textOf(kernel, /\.ts$/).flatMap((text) =>
      [...text.matchAll(/"livepatch: ([^"]*)"/g)].map((m) => m[1]),
    );
    expect(messages.length).toBeGreaterThan(20);
    const known = [...DEMANDED.map((d) => d.source), ...Object.keys(CANNOT_OCCUR)]
      .join("\n")
      .replace(/\\/g, "");
    const fixed = (message: string) =>
      message
        .replace(/\\n$/, "")
        .split(/'%[sS]'|%\w|\(null\)|[()<>,]/)
        .map((part) => part.trim())
        .sort((a, b) => b.length - a.length)[0];
    expect(messages.filter((m) => !known.includes(fixed(m)))).toEqual([]);
  });
});
