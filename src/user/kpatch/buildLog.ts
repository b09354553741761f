// buildLog.ts - kpatch-build's cache folder, what it keeps there, and its way to fail.
import { SysError } from "../sys.ts";
import { isFile, makeDirs, writeFile } from "./io.ts";
import { removeTree } from "./removeTree.ts";
import { Exit, type Tool } from "./tool.ts";

/** How often -d was given to see it. */
const LOG_SHOWN = 2;

export class BuildLog {
  private lines: string[] = [];
  private debug = 0;
  private keeps = false;
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

  get scratch(): string {
    return `${this.cacheDir}/tmp`;
  }

  /** What an earlier build left goes. */
  async open(debug: number, skipCleanup: boolean): Promise<void> {
    this.debug = debug;
    this.keeps = debug > 0 || skipCleanup;
    try {
      await removeTree(this.tool.sys, this.scratch);
      await makeDirs(this.tool.sys, this.scratch);
      if (await isFile(this.tool.sys, this.path)) await this.tool.sys.unlink(this.path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      await this.die(`Couldn't create ${this.scratch}`);
    }
    this.isOpen = true;
  }

  /** With -d scratch files stay. */
  get keepsScratch(): boolean {
    return this.keeps;
  }

  /** What the commands of the build print: for the log. */
  async add(...lines: string[]): Promise<void> {
    this.lines.push(...lines);
    if (this.debug >= LOG_SHOWN) for (const line of lines) await this.tool.out(line);
  }

  /** What create-diff-object prints: for the log and for all to see. */
  async show(...lines: string[]): Promise<void> {
    this.lines.push(...lines);
    for (const line of lines) await this.tool.out(line);
  }

  /** A command, as bash traces it: with one -d, or with three and more. */
  async trace(command: string): Promise<void> {
    if (this.debug === 1 || this.debug > LOG_SHOWN) await this.tool.err(`+ ${command}`);
  }

  /** How the compiler is called: seen with four -d. */
  get tracesCompiler(): boolean {
    return this.debug > LOG_SHOWN + 1;
  }

  /** A fatal error: the log is named if there is one, the tool ends. */
  async die(text: string): Promise<never> {
    await this.write();
    const where = (await isFile(this.tool.sys, this.path)) ? ` Check ${this.path} for more details.` : "";
    await this.tool.err(`ERROR: ${text}.${where}`);
    await this.cleanUp();
    throw new Exit(1);
  }

  /** After a success nothing is left to look up, unless it was asked for. */
  async succeed(): Promise<void> {
    if (this.keeps) await this.write();
    await this.cleanUp();
  }

  private async write(): Promise<void> {
    if (this.lines.length === 0) return;
    await writeFile(this.tool.sys, this.path, this.lines.map((line) => `${line}\n`).join(""));
  }

  private async cleanUp(): Promise<void> {
    if (this.isOpen && !this.keeps) await removeTree(this.tool.sys, this.scratch);
  }
}
