// jobs.ts - the verbs of systemctl that start and stop units, and ask whether they run.
import { needRoot, NOT_FOUND, onEach, units, type Call, type Verb } from "./call.ts";
import { resetFailed, start, stateOf, stop } from "./service.ts";
import { allUnits, findUnit, fullUnitName, type Unit } from "./unit.ts";

const DENIED = 4;

const startOne =
  (call: Call) =>
  async (unit: Unit): Promise<number> => {
    await needRoot(call, `start ${unit.name}`, DENIED);
    const outcome = await start(call.tool.sys, unit);
    if (outcome === "done") return 0;
    await call.tool.err(
      outcome === "failed"
        ? `Job for ${unit.name} failed because the control process exited with error code.\n` +
            `See "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.`
        : `Failed to start ${unit.name}: Only services of Type=oneshot can be run here.`,
    );
    return 1;
  };

export const startAll: Verb = (call) =>
  onEach(call, startOne(call), (name) => `Failed to start ${name}: Unit ${name} not found.`);

export const stopAll: Verb = (call) =>
  onEach(
    call,
    async (unit) => {
      await needRoot(call, `stop ${unit.name}`, DENIED);
      await stop(call.tool.sys, unit);
      return 0;
    },
    (name) => `Failed to stop ${name}: Unit ${name} not loaded.`,
  );

export const restartAll: Verb = (call) =>
  onEach(
    call,
    async (unit) => {
      await needRoot(call, `stop ${unit.name}`, DENIED);
      await stop(call.tool.sys, unit);
      return startOne(call)(unit);
    },
    (name) => `Failed to restart ${name}: Unit ${name} not found.`,
  );

export const isActive: Verb = async (call) => {
  let worst = 0;
  for (const name of await units(call)) {
    const unit = await findUnit(call.tool.sys, name);
    const state = unit ? (await stateOf(call.tool.sys, unit)).active : "inactive";
    if (!call.options.has("quiet")) await call.tool.out(state);
    if (state !== "active") worst ||= unit ? 3 : NOT_FOUND;
  }
  return worst;
};

export const isFailed: Verb = async (call) => {
  let status = 1;
  for (const name of await units(call)) {
    const unit = await findUnit(call.tool.sys, name);
    const state = unit ? (await stateOf(call.tool.sys, unit)).active : "inactive";
    if (!call.options.has("quiet")) await call.tool.out(state);
    if (state === "failed") status = 0;
  }
  return status;
};

export const forgetFailures: Verb = async (call) => {
  const { sys } = call.tool;
  const names = call.names.map(fullUnitName);
  for (const unit of await allUnits(sys)) {
    if (names.length === 0 || names.includes(unit.name)) await resetFailed(sys, unit);
  }
  return 0;
};
