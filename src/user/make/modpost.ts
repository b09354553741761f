// modpost.ts - the last step before a module can be loaded: Linux's
// scripts/mod/modpost, and the ld -r behind it.
//
// `modpost hello.o…` checks what was compiled and writes Module.symvers, which
// is empty because nothing is exported by a list, and hello.mod, which gives
// the module its name: without one the kernel finds no module in an object.
// `modpost -l hello.ko hello.o hello.mod` puts the two together.
import { basename, readFile, readText, writeFile } from "../kpatch/io.ts";
import { infoField, readModInfo, withModInfo, type ModInfo } from "../kpatch/ko.ts";
import { Exit, tool, type Tool } from "../kpatch/tool.ts";

const HELP = `Usage: modpost OBJECT.o...
       modpost -l MODULE.ko OBJECT.o MODULE.mod`;

export const modpost = tool("modpost", async (tool) => {
  const { args } = tool;
  if (args[0] === "-l" && args.length === 4) return link(tool, args[1], args[2], args[3]);
  if (args[0] === "--help" || args.length === 0 || args[0].startsWith("-")) {
    await (args[0] === "--help" ? tool.out(HELP) : tool.err(HELP));
    return args[0] === "--help" ? 0 : 1;
  }
  let status = 0;
  for (const object of args) if (!(await check(tool, object))) status = 1;
  if (status === 0) await writeFile(tool.sys, "Module.symvers", "");
  return status;
});

async function objectInfo(tool: Tool, object: string): Promise<ModInfo> {
  const info = readModInfo(await readFile(tool.sys, object));
  if (info !== null) return info;
  await tool.err(`modpost: ${object}: no object file of a module`);
  throw new Exit(1);
}

async function check(tool: Tool, object: string): Promise<boolean> {
  const info = await objectInfo(tool, object);
  if (infoField(info, "license") === undefined) {
    await tool.err(`ERROR: modpost: missing MODULE_LICENSE() in ${object}`);
    return false;
  }
  if (infoField(info, "description") === undefined) {
    await tool.err(`WARNING: modpost: missing MODULE_DESCRIPTION() in ${object}`);
  }
  const name = basename(object).replace(/\.o$/, "");
  await writeFile(tool.sys, object.replace(/\.o$/, ".mod"), `name=${name.replaceAll("-", "_")}\n`);
  return true;
}

/** The object with the strings of its .mod, where modinfo shows them. */
async function link(tool: Tool, output: string, object: string, mod: string): Promise<number> {
  const lines = (await readText(tool.sys, mod)).split("\n").filter((line) => line.includes("="));
  const info = await objectInfo(tool, object);
  const at = info.findIndex(([key]) => key === "depends") + 1;
  info.splice(
    at,
    0,
    ...lines.map((line): ModInfo[number] => [line.replace(/=.*/, ""), line.replace(/^[^=]*=/, "")]),
  );
  await writeFile(tool.sys, output, withModInfo(await readFile(tool.sys, object), info));
  return 0;
}
