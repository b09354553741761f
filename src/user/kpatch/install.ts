// install.ts - `kpatch install` and `kpatch uninstall`: the patches a boot loads.
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { basename, exists, isFile, listDir, makeDirs, readFile, writeFile } from "./io.ts";
import { infoField, readModInfo } from "./ko.ts";
import { die, INSTALL_DIR, modulesIn } from "./patchModule.ts";
import { capture, type Tool } from "./tool.ts";
import { moduleNameOf } from "./ko.ts";

interface Request {
  release: string;
  file: string;
}

async function parse(tool: Tool, args: string[]): Promise<Request> {
  const parsed = getopt(args, [{ short: "k", long: "kernel-version", arg: "required" }]);
  if (parsed.error) {
    // getopt(1) is started under the script's own name.
    await tool.err(`kpatch: ${parsed.error}`);
    await die(tool, "getopt failed");
  }
  const [file] = parsed.operands;
  if (file === undefined) await die(tool, "no module file specified");
  const release = parsed.options.at(-1)?.value ?? (await tool.sys.uname()).release;
  return { release, file };
}

export async function install(tool: Tool, args: string[]): Promise<number> {
  const { release, file } = await parse(tool, args);
  await check(tool, file, release);
  await tool.out(`installing ${file} (${release})`);
  await copyIn(tool, file, `${INSTALL_DIR}/${release}`);
  await enableService(tool);
  return 0;
}

async function check(tool: Tool, file: string, release: string): Promise<void> {
  if (!(await exists(tool.sys, file))) await die(tool, `${file} doesn't exist`);
  if (!file.endsWith(".ko")) await die(tool, `${file} isn't a .ko file`);
  const info = (await isFile(tool.sys, file)) ? readModInfo(await readFile(tool.sys, file)) : null;
  if (!info) return die(tool, "modinfo failed");
  const version = (infoField(info, "vermagic") ?? "").split(" ")[0];
  if (version !== release) await die(tool, `invalid module version ${version} for kernel ${release}`);
  if (await exists(tool.sys, `${INSTALL_DIR}/${release}/${basename(file)}`)) {
    await die(tool, `${file} is already installed`);
  }
}

async function copyIn(tool: Tool, file: string, dir: string): Promise<void> {
  try {
    await makeDirs(tool.sys, dir);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await die(tool, "failed to create install directory");
  }
  try {
    await writeFile(tool.sys, `${dir}/${basename(file)}`, await readFile(tool.sys, file));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await die(tool, `failed to install module ${file}`);
  }
}

/** The service that loads the installed patches at boot; silent when it is enabled already. */
async function enableService(tool: Tool): Promise<void> {
  if (!(await exists(tool.sys, "/usr/bin/systemctl"))) return;
  const { text } = await capture(tool, ["systemctl", "enable", "kpatch.service"]);
  if (text) await tool.err(text);
}

export async function uninstall(tool: Tool, args: string[]): Promise<number> {
  const { release, file } = await parse(tool, args);
  if (file !== basename(file)) await die(tool, "please supply patch module name without path");
  const dir = `${INSTALL_DIR}/${release}`;
  const wanted = moduleNameOf(file);
  const path = (await modulesIn(tool, dir)).find((each) => moduleNameOf(each) === wanted);
  if (path === undefined) return die(tool, `${file} is not installed for kernel ${release}`);
  await tool.out(`uninstalling ${file} (${release})`);
  await attempt(tool, () => tool.sys.unlink(path), `failed to uninstall module ${file}`);
  for (const each of [dir, INSTALL_DIR]) {
    if ((await listDir(tool.sys, each)).length > 0) break;
    await attempt(tool, () => tool.sys.rmdir(each), `failed to remove directory ${each}`);
  }
  return 0;
}

async function attempt(tool: Tool, act: () => Promise<void>, complaint: string): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await die(tool, complaint);
  }
}
