// prebuilt.test.ts - a patch is found again by what it does, not by how it is called.
import { expect, test } from "vitest";
import { decodePrebuilt, encodePrebuilt, prebuiltKey } from "../../src/kbuild/prebuilt";
import { buildPatch } from "../../src/kbuild/buildPatch";
import { stampModule } from "../../src/user/kpatch/stampModule";
import { EditedSample, MEMINFO } from "./editSample";

const sample = await EditedSample.make();
const text = sample.tree.get(MEMINFO)!.replace("depth * 60", "depth * 61");
const patched = { [MEMINFO]: text };

async function build(name: string, replace: boolean): Promise<Uint8Array> {
  const o = await buildPatch({ tree: sample.tree, image: sample.kernel.image, patched, name, replace });
  if (o.kind !== "built") throw new Error(o.kind);
  return o.ko;
}

test("name and replace flag are all that a stamp changes", async () => {
  const [one, other] = [await build("livepatch-one", true), await build("a-much-longer-name-for-it", false)];
  expect(stampModule(one, { name: "a-much-longer-name-for-it", replace: false })).toEqual(other);
  expect(stampModule(other, { name: "livepatch-one", replace: true })).toEqual(one);
});

test("the key is the source before and after, on this kernel", () => {
  const tree = Object.fromEntries(sample.tree);
  const request = { tree, patched, name: "x", replace: true, prebuilt: true };
  const key = prebuiltKey("k1", request);
  expect(prebuiltKey("k1", { ...request, name: "y", replace: false })).toBe(key);
  expect(prebuiltKey("k2", request)).not.toBe(key);
  expect(prebuiltKey("k1", { ...request, patched: { [MEMINFO]: `${text} ` } })).not.toBe(key);
  expect(prebuiltKey("k1", { ...request, patched: { [MEMINFO]: null } })).not.toBe(key);
  expect(prebuiltKey("k1", { ...request, tree: { ...tree, "x.ts": "" } })).not.toBe(key);
});

test("what is stored comes back under the name that is asked for", async () => {
  const notes = [{ file: MEMINFO, kind: "changed" as const, func: "meminfo_proc_show" }];
  const answer = {
    kind: "built" as const,
    ko: await build("stored", true),
    objects: ["vmlinux"],
    notes,
    warnings: [],
  };
  const request = { tree: {}, patched, name: "asked-for", replace: false, prebuilt: true };
  expect(decodePrebuilt(encodePrebuilt(answer), request)).toEqual({
    ...answer,
    ko: await build("asked-for", false),
  });
});
