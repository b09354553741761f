// layers.test.ts - the rules of the tree, as tests: who imports whom, no
// cycles, file sizes, and which part may touch what.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

/** Bottom first: a file imports from its own layer and from lower ones. */
const LAYERS = [
  ["kernel-as/abi.ts"],
  ["src/user/"],
  ["src/kbuild/"],
  ["src/machine/"],
  ["src/cli/", "src/worker/"],
  ["web/"],
];

/** Inside web/, by the same rule. main.ts and the pages stand on top. */
const WEB_LAYERS = [["web/state/"], ["web/widgets/"], ["web/panes/"]];

/** Set-up and configuration are run by hand and imported by nobody. */
const OUTSIDE = ["src/setup/", "test/", "kernel-as/"];

const MAX_LINES = 450;
const KERNEL_COLUMNS = 80;

/** Globals that belong to one layer, and the others that have a reason to touch them. */
const OWNED = [
  { name: "WebAssembly", owner: "src/machine/", also: [] as string[] },
  // A compiler back end reads and writes Wasm and module sections byte by byte.
  { name: "DataView", owner: "src/machine/", also: ["src/kbuild/"] },
];

/** Third-party widgets: only their adapters know them. */
const WIDGETS = /^(@xterm\/|@codemirror\/|codemirror|@lezer\/)/;

interface Source {
  path: string;
  text: string;
  imports: string[];
  identifiers: Set<string>;
}

function walk(dir: string): string[] {
  if (!existsSync(join(ROOT, dir))) return [];
  return readdirSync(join(ROOT, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** The TypeScript of a file: all of it, or the <script> parts of a component. */
function script(path: string, text: string): string {
  if (!path.endsWith(".svelte")) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join("\n");
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  // Vite's ?worker, ?raw and ?url name the same file.
  const bare = relative(ROOT, resolve(ROOT, dirname(from), specifier.split("?")[0]));
  const candidates = [bare, `${bare}.ts`, `${bare}.svelte.ts`, `${bare}/index.ts`];
  return (
    candidates.find((path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile()) ?? bare
  );
}

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const imports: string[] = [];
  const identifiers = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) identifiers.add(node.text);
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      imports.push(resolveImport(path, (node.moduleSpecifier as ts.StringLiteral).text));
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) imports.push(resolveImport(path, specifier.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, script(path, text), ts.ScriptTarget.Latest, false));
  return { path, text, imports, identifiers };
}

const hostFiles = [...walk("src"), ...walk("web")].filter((path) => /\.(ts|mjs|svelte)$/.test(path));
const kernelFiles = walk("kernel-as").filter((path) => path.endsWith(".ts"));
const sources = [...hostFiles, "kernel-as/abi.ts"].map(read);
const inLayer = (path: string, layer: string[]) => layer.some((prefix) => path.startsWith(prefix));
const isOutside = (path: string) => path !== "kernel-as/abi.ts" && inLayer(path, OUTSIDE);

/** Arrows that point up in `order`; files of no layer there are left alone. */
function wrongArrows(order: string[][]): string[] {
  const level = (path: string) => order.findIndex((layer) => inLayer(path, layer));
  return sources.flatMap((source) => {
    const from = level(source.path);
    if (from < 0) return [];
    return source.imports
      .filter((to) => {
        const target = level(to);
        if (target < 0) return false;
        const sideways = target === from && order[from].length > 1;
        const sameFolder = order[from].some(
          (prefix) => source.path.startsWith(prefix) && to.startsWith(prefix),
        );
        return target > from || (sideways && !sameFolder);
      })
      .map((to) => `${source.path} -> ${to}`);
  });
}

test("imports go one way", () => {
  expect(wrongArrows(LAYERS)).toEqual([]);
  expect(wrongArrows(WEB_LAYERS)).toEqual([]);
});

test("every file of src/ and web/ belongs to a layer", () => {
  const lost = hostFiles.filter((path) => !isOutside(path) && !LAYERS.some((layer) => inLayer(path, layer)));
  expect(lost).toEqual([]);
});

test("of the kernel, the host imports abi.ts alone", () => {
  const arrows = sources.flatMap((source) =>
    source.imports
      .filter((to) => to.startsWith("kernel-as/") && to !== "kernel-as/abi.ts")
      .map((to) => `${source.path} -> ${to}`),
  );
  expect(arrows).toEqual([]);
});

test("nothing imports itself around a corner", () => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const files = [...hostFiles, ...kernelFiles, ...walk("test").filter((path) => path.endsWith(".ts"))];
  const long = files
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), "utf8").trimEnd().split("\n").length }))
    .filter((file) => file.lines > MAX_LINES)
    .map((file) => `${file.path}: ${file.lines}`);
  expect(long).toEqual([]);
});

/** Linux's rule: a message that users search for is not broken. */
const MESSAGE = /^\s*"[^"]*",?$/;

test(`the kernel fits ${KERNEL_COLUMNS} columns`, () => {
  const wide = kernelFiles.flatMap((path) =>
    readFileSync(join(ROOT, path), "utf8")
      .split("\n")
      .flatMap((line, i) =>
        line.length > KERNEL_COLUMNS && !MESSAGE.test(line) ? [`${path}:${i + 1}`] : [],
      ),
  );
  expect(wide).toEqual([]);
});

test.each(OWNED)("only $owner touches $name", ({ name, owner, also }) => {
  const touching = sources.filter(
    (source) => source.identifiers.has(name) && !inLayer(source.path, [owner, ...also, ...OUTSIDE]),
  );
  expect(touching.map((source) => source.path)).toEqual([]);
});

test("only widget adapters import xterm and CodeMirror", () => {
  const knowing = sources.filter(
    (source) => !source.path.startsWith("web/widgets/") && source.imports.some((to) => WIDGETS.test(to)),
  );
  expect(knowing.map((source) => source.path)).toEqual([]);
});
