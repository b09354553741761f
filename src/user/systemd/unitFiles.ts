// unitFiles.ts - the verbs of systemctl about files: what a boot starts, and what a unit says.
import { attempt, strerror } from "../errno.ts";
import { makeDirs, readText } from "../kpatch/io.ts";
import { needRoot, NOT_FOUND, units, type Call, type Verb } from "./call.ts";
import { startAll, stopAll } from "./jobs.ts";
import { fileState, findUnit, isLink, wantsLinks, type Unit } from "./unit.ts";

/** Runs `act` for the links of each unit; all that systemd says here goes to standard error. */
async function changeLinks(
  call: Call,
  verb: "enable" | "disable",
  act: (unit: Unit, link: string) => Promise<void>,
) {
  const { sys, err } = call.tool;
  await needRoot(call, `${verb} unit`, 1);
  for (const name of await units(call)) {
    const unit = await findUnit(sys, name);
    if (!unit) {
      await err(`Failed to ${verb} unit: Unit file ${name} does not exist.`);
      return 1;
    }
    if (wantsLinks(unit).length === 0) await err(`The unit files have no installation config (WantedBy=).`);
    for (const link of wantsLinks(unit)) {
      const done = await attempt(act(unit, link));
      if (done.ok) continue;
      await err(`Failed to ${verb} unit: ${strerror(done.code)}`);
      return 1;
    }
  }
  if (!call.options.has("now")) return 0;
  return verb === "enable" ? startAll(call) : stopAll(call);
}

export const enable: Verb = (call) =>
  changeLinks(call, "enable", async ({ path }, link) => {
    const { sys, err } = call.tool;
    if (await isLink(sys, link)) return;
    await makeDirs(sys, link.replace(/\/[^/]*$/, ""));
    await sys.symlink(path, link);
    if (!call.options.has("quiet")) await err(`Created symlink ${link} → ${path}.`);
  });

export const disable: Verb = (call) =>
  changeLinks(call, "disable", async (_unit, link) => {
    const { sys, err } = call.tool;
    if (!(await isLink(sys, link))) return;
    await sys.unlink(link);
    if (!call.options.has("quiet")) await err(`Removed "${link}".`);
  });

export const isEnabled: Verb = async (call) => {
  let status = 0;
  for (const name of await units(call)) {
    const unit = await findUnit(call.tool.sys, name);
    const state = unit ? await fileState(call.tool.sys, unit) : "not-found";
    if (!call.options.has("quiet")) await call.tool.out(state);
    if (state === "disabled") status ||= 1;
    if (state === "not-found") status ||= NOT_FOUND;
  }
  return status;
};

export const cat: Verb = async (call) => {
  for (const name of await units(call)) {
    const unit = await findUnit(call.tool.sys, name);
    if (!unit) {
      await call.tool.err(`No files found for ${name}.`);
      return 1;
    }
    await call.tool.out(`# ${unit.path}\n${(await readText(call.tool.sys, unit.path)).replace(/\n$/, "")}`);
  }
  return 0;
};
