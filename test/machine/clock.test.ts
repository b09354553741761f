import { describe, expect, it } from "vitest";
import type { Program } from "../../src/user/sys.ts";
import { bootWith } from "../boot.ts";

/** A wall clock that the test moves. */
function wallClock() {
  let ns = 5e9;
  return { now: () => ns, advance: (more: number) => (ns += more) };
}

describe("a machine that follows the wall clock", () => {
  it("wakes a sleeper when the wall says so, and logs how time passed", async () => {
    const wall = wallClock();
    const woken = new Promise<number>((resolve) => {
      const program: Program = async ({ sys }) => {
        await sys.nanosleep(20e6);
        resolve(await sys.clockGettime(1));
        return sys.pause();
      };
      const { machine } = bootWith(program, { clock: { kind: "host", now: wall.now } });
      wall.advance(50e6);
      machine.onQuiet = () => {
        expect(machine.log.events.some((e) => e.kind === "time" && e.ns >= 20e6)).toBe(true);
        machine.destroy();
      };
    });
    expect(await woken).toBeGreaterThanOrEqual(20e6);
  });
});
