// state.ts - changes of the system's state that patches hand on.
//
// A patch that replaces others must know every state they made, in at least
// their version; one that is added may not know an older version.
// Mirrors Linux kernel/livepatch/state.c.

import {
  KlpPatch,
  KlpState,
  klp_patch_of,
} from "../../include/linux/livepatch";
import { list_next } from "../../lib/list";
import { WARN } from "../panic";
import { klp_patches } from "./list";
import { klp_transition_patch } from "./transition";

function state_at(states: usize, i: u32): KlpState {
  return changetype<KlpState>(states + i * offsetof<KlpState>());
}

/** The state id as patch knows it, or null. */
export function klp_get_state(patch: KlpPatch, id: u32): KlpState | null {
  if (patch.states == 0) return null;
  for (let i: u32 = 0; state_at(patch.states, i).id != 0; i++) {
    const state = state_at(patch.states, i);
    if (state.id == id) return state;
  }
  return null;
}

/**
 * The state id as the latest patch before the one in transition knows it.
 * Only for callbacks: without a transition there is no "before".
 */
export function klp_get_prev_state(id: u32): KlpState | null {
  const patch = klp_transition_patch;
  if (patch == null) {
    WARN("klp_get_prev_state: no transition");
    return null;
  }
  let last: KlpState | null = null;
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const p = klp_patch_of(at);
    if (p == patch) return last;
    const state = klp_get_state(p, id);
    if (state != null) last = state;
  }
  return last;
}

function klp_is_state_compatible(patch: KlpPatch, old: KlpState): bool {
  const state = klp_get_state(patch, old.id);
  if (state == null) return !patch.replace;
  return state.version >= old.version;
}

/** Whether patch can live with, or replace, all patches on the list. */
export function klp_is_patch_compatible(patch: KlpPatch): bool {
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const states = klp_patch_of(at).states;
    if (states == 0) continue;
    for (let i: u32 = 0; state_at(states, i).id != 0; i++) {
      if (!klp_is_state_compatible(patch, state_at(states, i))) return false;
    }
  }
  return true;
}
