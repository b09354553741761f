// frame_name.ts - function ids for the names on the engine's stack.
//
// Wasm hides return addresses, so the host reads the names of the frames
// (src/machine/kernelStack.ts) and asks here, once for each name, who that
// is. Called in the middle of a traced call: not traced, no shared buffer.

import { Ksym, KsymTable, vmlinux_syms } from "../kallsyms";

/** The name, "fs/proc/meminfo/meminfo_proc_show", from the host. */
const frame_name = memory.data(512);

export function frame_name_buffer(): usize {
  return frame_name;
}

/** Whether path is file without its ".ts", a slash, and name. */
function is_path_of(path: usize, file: usize, name: usize): bool {
  while (load<u8>(path) != 0 && load<u8>(path) == load<u8>(file)) {
    path++;
    file++;
  }
  if (load<u8>(path) != 47 || load<u8>(file) != 46) return false;
  path++;
  while (load<u8>(path) != 0 && load<u8>(path) == load<u8>(name)) {
    path++;
    name++;
  }
  return load<u8>(path) == 0 && load<u8>(name) == 0;
}

function find_path(table: KsymTable): u32 {
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = changetype<Ksym>(table.syms + i * offsetof<Ksym>());
    if (!sym.is_func) continue;
    if (is_path_of(frame_name, sym.file, sym.name)) return sym.id;
  }
  return 0;
}

/** The id of the function in frame_name_buffer(), or 0. */
export function frame_name_id(): u32 {
  let id: u32 = 0;
  let at = changetype<usize>(vmlinux_syms());
  for (; at != 0 && id == 0; at = load<usize>(at)) {
    id = find_path(changetype<KsymTable>(at));
  }
  return id;
}
