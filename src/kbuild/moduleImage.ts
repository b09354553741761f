/** The description of what linkModule() just linked, for patches of it. */

import { describeData, pick, type ModuleImage } from "./image";
import type { ModuleLayout } from "./moduleLayout";
import { siteName } from "./passes";

/** Table indices are relative to the module's table base, addresses to its memory. */
export function describeModule(
  layout: ModuleLayout,
  sleepable: Set<string>,
  sizes: Map<string, number>,
): Pick<ModuleImage, "functions" | "globals" | "data"> {
  const n = layout.traced.length;
  const functions = [...layout.traced, ...layout.others].map((f) => {
    const i = layout.position(f.name);
    const slot =
      i < 0 ? { site: 0, body: 0, trampoline: 0 } : { site: i, body: n + i, trampoline: 2 * n + i };
    const sleeps = sleepable.has(f.name) || sleepable.has(siteName(f.name));
    return { ...pick(f), ...slot, sleepable: sleeps, size: sizes.get(f.name) ?? 0 };
  });
  const data = [...layout.data.placed.values()]
    .filter(({ item }) => item.kind !== "string" && item.digest !== "")
    .map(({ item, address }) => describeData(item, address));
  const globals = [...layout.variables.values()].map(({ name, type, init }) => ({ name, type, init }));
  return { functions, globals, data };
}
