import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { compileTree } from "../../src/kbuild/compile.ts";
import { kernelFiles } from "../../src/kbuild/tree.ts";
import { kernelSources } from "../kernelVariant.ts";

const root = new URL("../../", import.meta.url).pathname;
const tree = join(root, "kernel-as");

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith(".ts") ? [relative(tree, path)] : [];
  });
}

/** Files that `file` imports, as paths of the tree. */
function imports(file: string): string[] {
  const text = readFileSync(join(tree, file), "utf8");
  const found = [...text.matchAll(/(?:from|import) "(\.[^"]+)"/g)];
  return found.map((m) => `${normalize(join(dirname(file), m[1]!))}.ts`);
}

/** Everything `file` reaches through imports. */
function reaches(file: string): Set<string> {
  const seen = new Set<string>();
  const todo = [file];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    todo.push(...imports(next));
  }
  return seen;
}

const all = sources(tree);

describe("the kernel's layers", () => {
  it("sched does not know livepatch", () => {
    for (const file of all.filter((f) => f.startsWith("kernel/sched/"))) {
      const wrong = [...reaches(file)].filter((f) => f.startsWith("kernel/livepatch/"));
      expect(wrong, file).toEqual([]);
    }
  });

  it("livepatch is imported by boot, its own files and its authors only", () => {
    const allowed = /^(init|kernel\/livepatch|samples|scripts|tools)\//;
    const wrong = all.filter(
      (f) => !allowed.test(f) && imports(f).some((i) => i.startsWith("kernel/livepatch/")),
    );
    expect(wrong).toEqual([]);
  });

  it("the dispatcher of ftrace deals in sites and ids, not in tasks", () => {
    const direct = imports("kernel/trace/ftrace_caller.ts");
    expect(direct.filter((f) => f.startsWith("kernel/sched/"))).toEqual([]);
  });
});

describe("the linked kernel", () => {
  const image = JSON.parse(readFileSync(join(root, "build/kernel.json"), "utf8")) as {
    functions: { name: string; callees: string[] }[];
  };

  it("allocates nothing managed", () => {
    const allocators = /~lib\/rt\/.*\/(__new|__alloc|__renew)$/;
    const callers = image.functions.filter((f) => f.callees.some((c) => allocators.test(c)));
    expect(callers.map((f) => f.name)).toEqual([]);
  });
});

describe("the kernel's sources", () => {
  it("compile without a warning: what asc says in a patch author's build is about the patch", async () => {
    const files = kernelSources();
    const compiled = await compileTree(files, kernelFiles(files));
    expect(compiled.kind === "compiled" && compiled.warnings).toEqual([]);
  });
});
