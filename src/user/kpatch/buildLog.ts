// buildLog.ts - kpatch-build's cache folder and log, and its way to fail.
import { SysError } from "../sys.ts";
import { makeDirs, writeFile } from "./io.ts";
import { Exit, type Tool } from "./tool.ts";

export class BuildLog {
  private lines: string[] = [];
  private isOpen = false;

  constructor(
    private readonly tool: Tool,
    /** ~/.kpatch, or what CACHEDIR says. */
    readonly cacheDir: string,
  ) {}

  static of(tool: Tool): BuildLog {
    return new BuildLog(tool, tool.env.get("CACHEDIR") ?? `${tool.env.get("HOME") ?? "/root"}/.kpatch`);
  }

  private get path(): string {
    return `${this.cacheDir}/build.log`;
  }

  async open(): Promise<void> {
    try {
      await makeDirs(this.tool.sys, this.cacheDir);
      await writeFile(this.tool.sys, this.path, "");
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      await this.die(`Couldn't create ${this.cacheDir}`);
    }
    this.isOpen = true;
  }

  add(...lines: string[]): void {
    this.lines.push(...lines);
  }

  /** A fatal error: the log is written and named, the tool ends. */
  async die(text: string): Promise<never> {
    if (this.isOpen)
      await writeFile(this.tool.sys, this.path, this.lines.map((line) => `${line}\n`).join(""));
    const where = this.isOpen ? ` Check ${this.path} for more details.` : "";
    await this.tool.err(`ERROR: ${text}.${where}`);
    throw new Exit(1);
  }

  /** After a success nothing is left to look up. */
  async discard(): Promise<void> {
    await this.tool.sys.unlink(this.path);
  }
}
