/**
 * The moves of Linux's livepatch selftests, each of which leaves its line in
 * the log. What a test shows is the log as a whole.
 */

import { SysError } from "../../src/user/sys.ts";
import type { Guest } from "./guest.ts";
import { inGuest, ToolError } from "./guest.ts";
import { fullName } from "./notation.ts";

const CONTROL = "/sys/kernel/debug/dynamic_debug/control";

export class Selftest {
  constructor(readonly guest: Guest) {}

  patchDir(short: string): string {
    return `/sys/kernel/livepatch/${fullName(short)}`;
  }

  async insmod(short: string, args = ""): Promise<void> {
    const path = `test_modules/${fullName(short)}.ko`;
    this.guest.say(`% insmod ${path}${args === "" ? "" : ` ${args}`}`);
    await this.guest.insmod(path, args);
  }

  /** Loads a module that is no livepatch. */
  async loadMod(short: string, args = ""): Promise<void> {
    await this.insmod(short, args);
    await this.guest.until(() => this.guest.exists(`/sys/module/${fullName(short)}`));
  }

  async loadLpNowait(short: string, args = ""): Promise<void> {
    await this.insmod(short, args);
    await this.guest.until(() => this.guest.exists(this.patchDir(short)));
  }

  async loadLp(short: string, args = ""): Promise<void> {
    await this.loadLpNowait(short, args);
    await this.guest.until(
      async () => (await this.guest.tryRead(`${this.patchDir(short)}/transition`)) === "0",
    );
  }

  /** insmod must fail; what it says goes to the log. */
  async loadFailing(short: string, args = ""): Promise<void> {
    try {
      await this.insmod(short, args);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return this.guest.say(error.message);
    }
    throw new Error(`${short} was loaded`);
  }

  async setParameter(path: string, value: string): Promise<void> {
    this.guest.say(`% echo ${value} > ${path}`);
    await this.guest.write(path, `${value}\n`);
  }

  async disableLp(short: string): Promise<void> {
    await this.setParameter(`${this.patchDir(short)}/enabled`, "0");
    await this.guest.until(async () => !(await this.guest.exists(this.patchDir(short))));
  }

  async unload(short: string): Promise<void> {
    const name = fullName(short);
    const refcnt = `/sys/module/${name}/refcnt`;
    await this.guest.until(async () => (await this.guest.tryRead(refcnt)) === "0");
    this.guest.say(`% rmmod ${name}`);
    await this.guest.rmmod(name);
    await this.guest.until(async () => !(await this.guest.exists(`/sys/module/${name}`)));
  }

  /** grep 'live patched' of both patched files, into the log. */
  async grepLivePatched(): Promise<void> {
    for (const path of ["/proc/cmdline", "/proc/meminfo"]) {
      const lines = (await this.guest.read(path)).split("\n");
      for (const line of lines) if (line.includes("live patched")) this.guest.say(line);
    }
  }

  /** sysctl kernel.ftrace_enabled=VALUE, which logs what it did. */
  async setFtraceEnabled(value: string): Promise<void> {
    try {
      await this.guest.write("/proc/sys/kernel/ftrace_enabled", `${value}\n`);
      this.guest.say(`livepatch: kernel.ftrace_enabled = ${value}`);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      const reason = error.code === 95 ? "Operation not supported" : "Device or resource busy";
      this.guest.say(`livepatch: sysctl: setting key "kernel.ftrace_enabled": ${reason}`);
    }
  }
}

/** What every test does first and last; see test/trace/tracedSelftests.ts. */
interface Around {
  before: (guest: Guest) => Promise<void>;
  after: (guest: Guest) => Promise<void>;
}

let around: Around | null = null;

export function aroundEverySelftest(both: Around): void {
  around = both;
}

/** Runs a test and gives the part of the log that the selftests compare. */
export function runSelftest(body: (t: Selftest) => Promise<void>, cmdline = ""): Promise<string[]> {
  return inGuest(
    async (guest) => {
      await around?.before(guest);
      await guest.write(CONTROL, "file kernel/livepatch/* +p\n");
      await guest.write(CONTROL, "func klp_try_switch_task -p\n");
      guest.drain();
      guest.log.length = 0;
      await body(new Selftest(guest));
      guest.drain();
      await around?.after(guest);
      return guest.log
        .filter((line) => line.includes("livepatch:") || line.includes("test_klp"))
        .filter((line) => !/taint(s|ing) kernel/.test(line));
    },
    { cmdline },
  );
}
