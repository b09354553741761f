/** Which situations sequences reach: a fuzzer that never gets there proves nothing. */

import type { Model, Op } from "./model.ts";

function loading(op: Op & { kind: "load" }, model: Model): string {
  if (model.modules.has(op.patch)) return "load: again";
  if (model.transition !== null) return "load: busy";
  if (!op.replace) return "load";
  return model.nopsFor(op.patch).length > 0 ? "replace with nops" : "replace";
}

function writing(op: Op & { kind: "write" }, model: Model): string {
  const patch = model.find(op.patch);
  if (patch === undefined) return "write: no such patch";
  const { transition } = model;
  const mine = transition?.patch === patch;
  const way = transition?.patching ? "patching" : "unpatching";
  if (op.file === "force") {
    if (op.value === "0") return "force: off";
    if (!mine) return "force: not in transition";
    return patch.replace && transition.patching ? "force a replace" : `force ${way}`;
  }
  if (patch.enabled === (op.value === "1")) return "enabled: as it is";
  if (mine) return `reverse ${way}`;
  if (transition !== null) return "disable: busy";
  return patch === model.patches.at(-1) ? "disable the newest" : "disable one below";
}

function removing(op: Op & { kind: "remove" }, model: Model): string {
  const held = model.modules.get(op.patch);
  if (held === undefined) return "unload: not loaded";
  if (!held) return "unload";
  return model.find(op.patch) === undefined ? "unload: held for ever" : "unload: in use";
}

/** The situation in which `op` comes. */
export function situation(op: Op, model: Model): string {
  const when = model.transition === null ? "" : " in a transition";
  switch (op.kind) {
    case "load":
      return loading(op, model);
    case "write":
      return writing(op, model);
    case "remove":
      return removing(op, model);
    case "target": {
      if (op.loaded === model.targetLoaded) return "target: as it is";
      const under = model.find("slow") === undefined ? "" : " under a patch";
      return `target ${op.loaded ? "comes" : "goes"}${under}`;
    }
    case "guest": {
      if (op.loaded === model.guestLoaded) return "guest: as it is";
      const under = model.find("demo") === undefined ? "" : " under a patch";
      return `guest ${op.loaded ? "comes" : "goes"}${under}${when}`;
    }
    case "signal":
      return `signal ${op.signal}${when}`;
    default:
      return `${op.kind}${when}`;
  }
}

/** What a few hundred sequences have to reach. */
export const TO_REACH = [
  "load",
  "load: again",
  "load: busy",
  "replace",
  "replace with nops",
  "disable the newest",
  "disable one below",
  "disable: busy",
  "enabled: as it is",
  "write: no such patch",
  "reverse patching",
  "reverse unpatching",
  "force patching",
  "force unpatching",
  "force a replace",
  "force: not in transition",
  "unload",
  "unload: in use",
  "unload: held for ever",
  "target comes",
  "target comes under a patch",
  "target goes",
  "target goes under a patch",
  "guest comes under a patch in a transition",
  "guest goes under a patch in a transition",
  "sleeper",
  "sleeper in a transition",
  "wake in a transition",
  "signal USR1 in a transition",
  "signal STOP in a transition",
  "signal CONT in a transition",
  "signal KILL in a transition",
  "signaling remaining tasks",
  "fork in a transition",
];
