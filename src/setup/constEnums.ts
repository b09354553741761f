// constEnums.ts - kernel-as/abi.ts for bundles: each enum a module of plain constants.
//
// A bundler sees one file at a time and cannot put a number in place of
// another file's enum member; with a constant it can, and drops the names.

import { transform } from "esbuild";
import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

const PREFIX = "\0abi:";

export function constEnums(abi: string): Plugin {
  return {
    name: "patchbay:const-enums",
    enforce: "pre",
    resolveId: (source) => (source.startsWith(PREFIX) ? source : null),
    load: async (id) => {
      const isEnum = id.startsWith(PREFIX);
      if (!isEnum && id !== abi) return null;
      const enums = await enumsOf(abi);
      return isEnum ? constants(enums[id.slice(PREFIX.length)]) : namespaces(Object.keys(enums));
    },
  };
}

type Enum = Record<string, string | number>;

async function enumsOf(path: string): Promise<Record<string, Enum>> {
  const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", format: "esm" });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<string, Enum>;
}

function namespaces(names: string[]): string {
  return names.map((name) => `export * as ${name} from ${JSON.stringify(PREFIX + name)};`).join("\n");
}

/** Without the way back from numbers to names, which const enums do not have. */
function constants(members: Enum): string {
  return Object.entries(members)
    .filter(([name]) => !/^-?\d/.test(name))
    .map(([name, value]) => `export const ${name} = ${value};`)
    .join("\n");
}
