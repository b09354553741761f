// boot.ts - what a boot starts: the services that multi-user.target wants.
import { listDir } from "../kpatch/io.ts";
import { tool } from "../kpatch/tool.ts";
import { start } from "./service.ts";
import { findUnit } from "./unit.ts";

const WANTS = "/etc/systemd/system/multi-user.target.wants";

/** Runs once, before the first login; a service that fails keeps nobody out. */
export const systemd = tool("systemd", async ({ sys }) => {
  for (const name of await listDir(sys, WANTS)) {
    const unit = await findUnit(sys, name);
    if (unit) await start(sys, unit);
  }
  return 0;
});
