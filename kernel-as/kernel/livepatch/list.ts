// list.ts - the patches that are enabled or in transition, oldest first.
//
// Disabled and replaced patches are not on it, even while their module is
// still loaded. klp_mutex guards this list and everything behind it.

import { DelayedWork } from "../workqueue";

/** Held by every write to sysfs, enable, module event and attempt. */
export const klp_mutex = memory.data(16, 8);

/** List of KlpPatch by list. */
export const klp_patches = memory.data(8, 4);

/** A DelayedWork: the next attempt of the transition in flight. */
export const klp_transition_work = memory.data(offsetof<DelayedWork>(), 8);
