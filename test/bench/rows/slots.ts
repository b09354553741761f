import type { Engine } from "../engines.ts";
import { ratio, type Measured, type Row } from "../row.ts";
import { pairedRatio } from "../stats.ts";
import { benchKernel } from "../variants.ts";

const ROUNDS = 500;

/** Issue 2: through a slot at most 1.45 times the same code called directly; */
const SLOT_GOAL = 1.45;
/** sleepable code within 10 % of what slots alone cost. */
const SLEEP_GOAL = 1.1;

function slotRow(name: string, title: string, entry: string, fixed?: number): Row {
  return {
    name,
    title,
    engines: ["node", "chromium"],
    run: (engine, root) => measure(engine, root, entry, fixed),
  };
}

async function measure(engine: Engine, root: string, entry: string, fixed?: number): Promise<Measured> {
  const { variants } = await benchKernel(root);
  const series = await engine.run("slots", { variants, entry, fixed, rounds: ROUNDS });
  const { direct = [], slots = [], full = [], asyncify = [] } = series;
  const goal = engine.name === "chromium" ? SLOT_GOAL : undefined;
  return {
    unit: "ms",
    series,
    figures: [
      ratio("asyncify without slots / direct", pairedRatio(asyncify, direct)),
      ratio("slots / direct", pairedRatio(slots, direct), goal),
      ratio("slots + asyncify / direct", pairedRatio(full, direct), goal && goal * SLEEP_GOAL),
      ratio("slots + asyncify / slots", pairedRatio(full, slots), SLEEP_GOAL),
    ],
  };
}

export const slotRows: Row[] = [
  slotRow("slot-calls", "Calls through slots: a call-heavy read that cannot sleep", "bench_calls"),
  slotRow("slot-sleepable", "Calls through slots: the same read, all layers sleepable", "bench_sleepable"),
  slotRow("slot-seqread", "Calls through slots: seq_file and vsnprintf as they are", "bench_seqread"),
  slotRow("slot-fibonacci", "Calls through slots: nothing but calls", "bench_fibonacci", 22),
];
