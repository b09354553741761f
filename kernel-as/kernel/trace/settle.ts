// settle.ts - gives sites their plain functions back.
//
// A site whose calls all run one function keeps its trampoline while a stack
// may hold a frame of another version. ftrace_settle() looks at the stacks.
// It is called when a transition is over and when a tracer leaves; after a
// force old frames may live on, and the next call tries again.
// Linux has no such step: there a frame's return address is enough.

import { stack_trace_holds } from "../stacktrace";
import {
  DynFtrace,
  FtraceFl,
  FtracePage,
  first_ftrace_page,
  page_rec,
} from "./dyn_ftrace";
import { ftrace_update_site } from "./ftrace";
import { FtraceVersion, prune_versions } from "./versions";

function settle_rec(rec: DynFtrace): void {
  for (let v = rec.versions; v != 0; v = load<usize>(v)) {
    const version = changetype<FtraceVersion>(v);
    if (!version.clean) version.clean = !stack_trace_holds(version.id);
  }
}

/** Context: task; may sleep. */
export function ftrace_settle(): void {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      const rec = page_rec(p, s);
      if ((rec.flags & FtraceFl.UNSETTLED) == 0) continue;
      settle_rec(rec);
      ftrace_update_site(s);
      if (rec.attached == 0) prune_versions(rec);
    }
  }
}
