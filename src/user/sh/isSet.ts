// isSet.ts - `-v name`, `-v name[index]`.

import { dynamicArray } from "./dynamic.ts";
import type { Shell } from "./shell.ts";

export function isVariableSet(sh: Shell, spec: string): boolean {
  const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(spec);
  if (m) {
    if (m[2] === "@" || m[2] === "*") {
      const v = sh.vars.find(m[1]!);
      return v?.map ? v.map.size > 0 : v?.list ? v.list.length > 0 : v?.value !== undefined;
    }
    return sh.element(m[1]!, sh.subscript(m[1]!, m[2]!)) !== undefined;
  }
  if (/^\d+$/.test(spec)) return Number(spec) <= sh.args.length;
  return sh.vars.get(spec) !== undefined || (dynamicArray(sh, spec)?.length ?? 0) > 0;
}
