// lsmod.ts - the loaded modules, newest first, as /proc/modules has them.
import { loadedModules } from "./kmod.ts";
import { tool } from "./tool.ts";

export const lsmod = tool("lsmod", async (tool) => {
  const [extra] = tool.args;
  if (extra !== undefined) {
    await tool.err("Usage: lsmod");
    return 1;
  }
  const rows = (await loadedModules(tool.sys)).map(({ name, size, refcount, users }) => {
    const row = `${name.padEnd(19)} ${String(size).padStart(8)}  ${refcount}`;
    return users.length > 0 ? `${row} ${users.join(",")}` : row;
  });
  await tool.out(["Module                  Size  Used by", ...rows].join("\n"));
  return 0;
});
