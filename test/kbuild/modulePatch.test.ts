// modulePatch.test.ts - patches of modules: what belongs to a module is bound
// when that module is loaded, not when the patch is.
import { createTwoFilesPatch } from "diff";
import { beforeAll, expect, test } from "vitest";
import { buildModule, type BuiltModule } from "../../src/kbuild/buildModule";
import { buildPatch, type PatchOutcome } from "../../src/kbuild/buildPatch";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { SampleMachine } from "./sampleMachine";
import { callModule, cString, klpFuncs, loadModule, type LoadedModule } from "./sampleModule";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";
import { words } from "./words";

const HELLO = "samples/livepatch/hello.ts";
const tree = sampleTree();
let kernel: LinkedKernel;
let hello: BuiltModule;

beforeAll(async () => {
  kernel = linkKernel(await compileSample(tree), { entries: ENTRIES });
  hello = buildModule(await compileSample(tree, [HELLO]), kernel.image, HELLO);
  kernel.image.modules.push(hello.image);
});

function patched(...edits: [string, string][]): Promise<PatchOutcome> {
  const old = tree.get(HELLO)!;
  const text = edits.reduce((t, [from, to]) => t.replace(from, to), old);
  const diffs = [createTwoFilesPatch(`a/${HELLO}`, `b/${HELLO}`, old, text)];
  return buildPatch({ tree, image: kernel.image, diffs, name: "livepatch-hello", replace: true });
}

interface LateReference {
  object: string;
  name: string;
  file: string;
  offset: number;
  addend: number;
}

function lateReferences(module: LoadedModule): LateReference[] {
  const bytes = module.sections.get(".klp.funcs")!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const at = view.getUint32(4, true) >> 1;
  return Array.from({ length: view.getUint32(at, true) }, (_, i) => {
    const [object, name, file, offset, addend] = Array.from({ length: 5 }, (_, k) =>
      view.getUint32(at + 4 + 20 * i + 4 * k, true),
    );
    return {
      object: cString(bytes, object),
      name: cString(bytes, name),
      file: cString(bytes, file),
      offset,
      addend,
    };
  });
}

/** What the kernel does when the module a patch waits for is there. */
function bind(machine: SampleMachine, patch: LoadedModule, target: LoadedModule): void {
  for (const { name, offset, addend } of lateReferences(patch)) {
    const { value, type } = target.symbols.get(name)!;
    const address = /t/i.test(type) ? value : value + target.memoryBase;
    machine.view().setUint32(patch.memoryBase + offset, address + addend, true);
  }
}

test("a patch of a module names the module and shares its variables", async () => {
  const outcome = await patched(["count++;", "count += 10;\n  set_show(hello);"]);
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  expect(words(outcome)).toEqual(["samples/livepatch/hello.o: changed function: hello"]);
  expect(outcome.objects).toEqual(["hello.ko"]);

  const machine = new SampleMachine(kernel);
  const target = loadModule(machine, hello.ko, 1000);
  const patch = loadModule(machine, outcome.ko, 2000, 0x38000);
  expect(klpFuncs(patch)).toEqual([["hello", "hello", 0, 0]]);
  expect(lateReferences(patch).map(({ object, name, file }) => [object, name, file])).toEqual([
    ["hello", "hello", HELLO],
    ["hello", "count", HELLO],
    ["hello", "greeting", HELLO],
    ["hello", "hello", HELLO], // The pointer that set_show() gets.
  ]);
  bind(machine, patch, target);
  callModule(machine, target, "init_module");
  machine.call("proc_init");
  expect(callModule(machine, patch, "hello", 5)).toBe(6);
  expect(machine.call("proc_read", 2, 7)).toBe(8);
  expect(machine.lines).toEqual(["hello 41", "hello 51", "hello 52"]);
});

test("a patched function of a module calls the others through their sites", async () => {
  const outcome = await patched(["let sum = 0;", "let sum = 1000;"]);
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  const machine = new SampleMachine(kernel);
  const target = loadModule(machine, hello.ko, 1000);
  const patch = loadModule(machine, outcome.ko, 2000, 0x38000);
  bind(machine, patch, target);
  // Nobody waits for the machine here, so times is 0 and schedule() is not called.
  const times = target.symbols.get("times")!.value + target.memoryBase;
  machine.view().setInt32(times, 0, true);
  expect(callModule(machine, patch, "hello_loop")).toBe(1000);
  expect(lateReferences(patch).map((l) => l.name)).toEqual(["times", "hello"]);
});

test("a module's init function has run already", async () => {
  const outcome = await patched(["proc_read(2, 500)", "proc_read(2, 501)"]);
  if (outcome.kind !== "refused") throw new Error(JSON.stringify(outcome));
  expect(words(outcome)).toEqual([
    "ERROR: changed section .init.text not selected for inclusion",
    "ERROR: samples/livepatch/hello.o: 1 unsupported section change(s)",
  ]);
});

test("a module's kernel variables and first values are compared like the kernel's", async () => {
  const outcome = await patched(["let count: i64 = 40;", "let count: i64 = 41;"]);
  if (outcome.kind !== "refused") throw new Error(JSON.stringify(outcome));
  expect(words(outcome)[0]).toBe("ERROR: changed section .data.count not selected for inclusion");
});
