import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildPatch } from "../../src/kbuild/buildPatch";
import type { KernelImage } from "../../src/kbuild/image";
import { interfaceOf } from "../../src/kbuild/interface";
import { readTree } from "../../src/kbuild/readTree";

const SOURCE = `
import { K } from "./k";
/** What it is. */
export const LIMIT = 3; // three
function helper(n: i32): i32 {
  return n + 1;
}
export function shown(a: i32, f: (x: i32) => i32 = helper): i32 {
  const brace = "}{";
  if (a > LIMIT) { return f(a); }
  return K;
}
export function same<T>(x: T): T {
  return x;
}
@inline
export function fast(a: i32): i32 {
  return a * 2;
}
@unmanaged
export class Box {
  get half(): i32 { return 1; }
}
`;

describe("what others see of a file", () => {
  const stays: [string, string, string][] = [
    ["a body", "return K;", "return K + 1;"],
    ["a comment", "// three", "// 3 {"],
    ["a string with braces", '"}{"', '"}}{{"'],
    ["a static function", "function helper(n: i32)", "function helper(n: i32, m: i32 = 0)"],
    ["a new static function", "export function shown", "function more(): void {}\nexport function shown"],
  ];
  test.each(stays)("%s is not of it", (_name, from, to) => {
    expect(interfaceOf(SOURCE.replace(from, to))).toBe(interfaceOf(SOURCE));
  });

  const changes: [string, string, string][] = [
    ["a constant", "LIMIT = 3", "LIMIT = 4"],
    ["a signature", "shown(a: i32", "shown(a: i64"],
    ["a default", "= helper", "= same"],
    ["a generic body", "return x;", "return <T>(x + 1);"],
    ["an inline body", "a * 2", "a * 3"],
    ["an accessor", "return 1;", "return 2;"],
    ["an import", "./k", "./l"],
  ];
  test.each(changes)("%s is of it", (_name, from, to) => {
    expect(SOURCE).toContain(from);
    expect(interfaceOf(SOURCE.replace(from, to))).not.toBe(interfaceOf(SOURCE));
  });
});

describe("a patch of bodies, only its files compiled", () => {
  const root = new URL("../../", import.meta.url).pathname;
  const tree = readTree(`${root}kernel-as`);
  const image = JSON.parse(readFileSync(`${root}build/kernel.json`, "utf8")) as KernelImage;
  const names = ["call-order", "meminfo-string", "multi-hunk", "notrace-FAIL", "rename-local-FAIL"];
  test.each(names)("%s comes out as from the whole tree", async (name) => {
    const diffs = [readFileSync(`${root}test/patches/${name}/${name}.patch`, "utf8")];
    const request = { tree, image, diffs, name: "livepatch-x", replace: true };
    const part = await buildPatch(request);
    expect(part).toEqual(await buildPatch({ ...request, whole: true }));
  });
});
