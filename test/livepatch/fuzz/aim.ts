/** Points an operation at what there is: blind ones mostly meet "no such patch". */

import type { Model, Op, PatchName } from "./model.ts";

/** An operation, and where it aims; 0: nowhere, it stays as it is. */
export interface Shot {
  op: Op;
  aim: number;
}

function aimAtPatch(patch: PatchName, aim: number, { patches, transition }: Model): PatchName {
  if (transition !== null && aim % 2 === 1) return transition.patch.name;
  return patches[aim % Math.max(patches.length, 1)]?.name ?? patch;
}

export function aimed({ op, aim }: Shot, model: Model): Op {
  if (aim === 0) return op;
  switch (op.kind) {
    case "write": {
      const patch = aimAtPatch(op.patch, aim, model);
      const other = op.file === "enabled" && model.find(patch)?.enabled === true ? "0" : "1";
      return { ...op, patch, value: aim > 2 ? other : op.value };
    }
    case "remove": {
      const names = [...model.modules.keys()];
      return { ...op, patch: names[aim % Math.max(names.length, 1)] ?? op.patch };
    }
    case "target":
      return { ...op, loaded: !model.targetLoaded };
    case "guest":
      return { ...op, loaded: !model.guestLoaded };
    default:
      return op;
  }
}
