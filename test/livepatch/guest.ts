/**
 * A machine with the test modules, driven by system calls, and its log.
 * Every line the kernel prints shows on the console, so the console is the
 * log; what the test itself has to say goes in between.
 */

import { readdirSync, readFileSync } from "node:fs";
import type { Machine } from "../../src/machine/machine.ts";
import { insertText } from "../../src/user/kpatch/kmod.ts";
import { type SysCalls, SysError } from "../../src/user/sys.ts";
import { strerror } from "../../src/user/strerror.ts";
import { bootWith, type TestFile, type TestOptions } from "../boot.ts";

const MODULES = new URL("../../build/modules/", import.meta.url);

const text = new TextEncoder();
const plain = new TextDecoder();

/** Bytes of a module that was built with the kernel. */
export function moduleImage(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.ko`, MODULES)));
}

function moduleFiles(): Record<string, TestFile> {
  const names = readdirSync(MODULES).filter((name) => name.endsWith(".ko"));
  return Object.fromEntries(
    names.map((name) => [`test_modules/${name}`, moduleImage(name.replace(".ko", ""))]),
  );
}

/** A failed tool: what it wrote to stderr. */
export class ToolError extends Error {}

export class Guest {
  /** Kernel messages without time stamps, and what the test logged. */
  readonly log: string[] = [];
  #seen = 0;

  constructor(
    readonly sys: SysCalls,
    private readonly console: () => string,
    readonly machine: () => Machine,
  ) {}

  /** Takes what the kernel has printed by now. */
  drain(): void {
    const all = this.console();
    const end = all.lastIndexOf("\n") + 1;
    for (const line of all.slice(this.#seen, end).split(/\r?\n/)) {
      const match = /^\[ *\d+\.\d+\] (.*)$/.exec(line);
      if (match) this.log.push(match[1]);
    }
    this.#seen = Math.max(this.#seen, end);
  }

  say(line: string): void {
    this.drain();
    this.log.push(line);
  }

  async read(path: string): Promise<string> {
    const fd = await this.sys.open(path, 0);
    try {
      let all = "";
      for (;;) {
        const part = await this.sys.read(fd, 4096);
        if (part.length === 0) return all;
        all += plain.decode(part);
      }
    } finally {
      await this.sys.close(fd);
    }
  }

  /** The file's text without the last newline; null when it cannot be read. */
  async tryRead(path: string): Promise<string | null> {
    try {
      return (await this.read(path)).trimEnd();
    } catch (error) {
      if (error instanceof SysError) return null;
      throw error;
    }
  }

  async write(path: string, value: string): Promise<void> {
    const fd = await this.sys.open(path, 1);
    try {
      await this.sys.write(fd, text.encode(value));
    } finally {
      await this.sys.close(fd);
    }
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.sys.stat(path);
      return true;
    } catch (error) {
      if (error instanceof SysError) return false;
      throw error;
    }
  }

  async list(dir: string): Promise<string[]> {
    const fd = await this.sys.open(dir, 0);
    try {
      const names: string[] = [];
      for (;;) {
        const part = await this.sys.getdents(fd);
        if (part.length === 0) return names.filter((n) => n !== "." && n !== "..").sort();
        names.push(...part.map((entry) => entry.name));
      }
    } finally {
      await this.sys.close(fd);
    }
  }

  /** Polls as the selftests do: 600 times, 0.1 s apart. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    for (let i = 0; i < 600; i++) {
      if (await condition()) return;
      await this.sys.nanosleep(100_000_000);
    }
    throw new Error(`waited for a minute: ${condition}`);
  }

  /** Function id of a symbol: kallsyms shows ids as addresses. */
  async functionId(name: string): Promise<number> {
    const symbols = await this.read("/proc/kallsyms");
    const line = symbols.split("\n").find((l) => l.split(/[ \t]/)[2] === name);
    if (line === undefined) throw new Error(`no symbol ${name}`);
    return Number((BigInt(`0x${line.split(" ")[0]}`) - 0xffffffff81000000n) / 16n);
  }

  /** errno of a call, 0 when it succeeds. */
  async errno(call: () => Promise<unknown>): Promise<number> {
    try {
      await call();
      return 0;
    } catch (error) {
      if (error instanceof SysError) return error.code;
      throw error;
    }
  }

  /** insmod of a file; throws what insmod prints. */
  async insmod(path: string, args = ""): Promise<void> {
    const fd = await this.sys.open(`/${path}`, 0);
    const code = await this.errno(() => this.sys.finit_module(fd, args, 0));
    await this.sys.close(fd);
    if (code === 0) return;
    throw new ToolError(`insmod: ERROR: could not insert module ${path}: ${insertText(code)}`);
  }

  async rmmod(name: string): Promise<void> {
    const code = await this.errno(() => this.sys.delete_module(name, 0));
    if (code === 0) return;
    throw new ToolError(`rmmod: ERROR: could not remove module ${name}: ${strerror(code)}`);
  }
}

/** Boots, runs `body` as pid 1 with every message on the console. */
export function inGuest<T>(body: (guest: Guest) => Promise<T>, options: TestOptions = {}): Promise<T> {
  const { cmdline = "", files = {}, ...rest } = options;
  return new Promise((resolve, reject) => {
    let output = (): string => "";
    let booted: Machine | null = null;
    const { machine, output: console } = bootWith(
      async ({ sys }) => {
        try {
          resolve(
            await body(
              new Guest(
                sys,
                () => output(),
                () => booted!,
              ),
            ),
          );
        } catch (error) {
          if (error instanceof Error) error.message += `\n${output()}`;
          reject(error as Error);
        }
        await sys.reboot("power-off");
        return 0;
      },
      { ...rest, cmdline: `loglevel=8 ${cmdline}`, files: { ...moduleFiles(), ...files } },
    );
    output = console;
    booted = machine;
    machine.onQuiet = () => reject(new Error(`every task waits for ever\n${console()}`));
    machine.onHalt = (reason) => reject(new Error(`the machine stopped: ${reason}\n${console()}`));
  });
}
