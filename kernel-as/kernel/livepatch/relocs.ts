// relocs.ts - references of a built patch to symbols of modules.
//
// They are words of the patch's memory, filled in when the module comes: the
// patch may be loaded long before. Their list lies in .klp.funcs behind the
// functions; src/kbuild/README.md has its form.
// Mirrors klp_write_section_relocs() of Linux kernel/livepatch/core.c; there
// the list is the ELF sections .klp.rela.OBJECT.SECTION.

import { Errno } from "../../abi";
import { KlpObject, KlpPatch } from "../../include/linux/livepatch";
import { strcmp } from "../../lib/string";
import { Ksym, KsymTable, ksym_at } from "../kallsyms";
import { pr_err } from "../printk/printk";

/** One entry of the list; names are offsets in the section. */
@unmanaged
class KlpReloc {
  object: u32;
  symbol: u32;
  /** Source file of the symbol. */
  file: u32;
  /** Where in the patch's memory, and what to add. */
  offset: u32;
  addend: u32;
}

function find_symbol(table: KsymTable, name: usize, file: usize): Ksym | null {
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = ksym_at(table, i);
    if (strcmp(sym.name, name) != 0) continue;
    if (strcmp(sym.file, file) == 0) return sym;
  }
  return null;
}

/** The list of a patch's file, or 0: hand-written patches have none. */
function reloc_list(patch: KlpPatch): usize {
  const mod = patch.mod;
  if (mod == null || mod.klp_sect == 0) return 0;
  const at = load<u32>(mod.klp_sect, 4) >> 1;
  return at == 0 ? 0 : mod.klp_sect + at;
}

function klp_write_reloc(patch: KlpPatch, obj: KlpObject, r: KlpReloc): i32 {
  const sect = patch.mod!.klp_sect;
  const sym = find_symbol(obj.mod!.symtab, sect + r.symbol, sect + r.file);
  if (sym == null) {
    pr_err(
      "livepatch: symbol '%s' not found in symbol table\n",
      sect + r.symbol,
    );
    return -Errno.EINVAL;
  }
  store<u32>(patch.mod!.core + r.offset, sym.value + r.addend);
  return 0;
}

/** Binds what the patch refers to in obj, which is loaded. 0 or -errno. */
export function klp_apply_object_relocs(patch: KlpPatch, obj: KlpObject): i32 {
  const list = reloc_list(patch);
  if (list == 0 || !obj.is_module) return 0;
  for (let i: u32 = 0; i < load<u32>(list); i++) {
    const at = list + 4 + i * offsetof<KlpReloc>();
    const r = changetype<KlpReloc>(at);
    if (strcmp(patch.mod!.klp_sect + r.object, obj.name) != 0) continue;
    const ret = klp_write_reloc(patch, obj, r);
    if (ret != 0) return ret;
  }
  return 0;
}
