// nodes.ts - mkfifo, mknod: names that are no plain files.

import { type Command, utility } from "./command.ts";
import { applyMode } from "./fileOps.ts";

const S_IFIFO = 0o010000;
const S_IFCHR = 0o020000;
const PLAIN = 0o666;

const NO_NUMBERS = "Fifos do not have major and minor device numbers.";
const NEEDS_NUMBERS = "Special files require major and minor device numbers.";

/** Permissions of -m, which no umask cuts; undefined without the option. */
async function chosenMode(c: Command): Promise<number | undefined> {
  const text = c.value("m");
  if (text === undefined) return undefined;
  return applyMode(text, PLAIN, false) ?? c.die("invalid mode");
}

/** `what` is said in front of the reason when the kernel refuses. */
async function make(c: Command, path: string, type: number, dev: number, what: string): Promise<void> {
  const mode = await chosenMode(c);
  const made = await c.try(c.sys.mknod(path, type | PLAIN, dev), what);
  if (made === null || mode === undefined) return;
  await c.try(c.sys.chmod(path, mode), `cannot set permissions of '${path}'`);
}

export const mkfifo = utility(
  "mkfifo",
  {
    help: `Usage: mkfifo [OPTION]... NAME...
Create named pipes (FIFOs) with the given NAMEs.

  -m, --mode=MODE  set file permission bits to MODE, not a=rw - umask`,
    options: "m:,mode",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    for (const path of c.operands) await make(c, path, S_IFIFO, 0, `cannot create fifo '${path}'`);
  },
);

export const mknod = utility(
  "mknod",
  {
    help: `Usage: mknod [OPTION]... NAME TYPE [MAJOR MINOR]
Create the special file NAME of the given TYPE.

  -m, --mode=MODE  set file permission bits to MODE, not a=rw - umask

TYPE is p for a FIFO, c or u for a character device with MAJOR and MINOR.`,
    options: "m:,mode",
  },
  async (c) => {
    const [path, type, ...numbers] = c.operands;
    if (path === undefined) await c.missingOperand();
    if (type === undefined) await c.usage(`missing operand after ‘${path}’`);
    if (type === "p") {
      if (numbers.length > 0) await c.usage(`extra operand ‘${numbers[0]}’\n${NO_NUMBERS}`);
      return make(c, path!, S_IFIFO, 0, path!);
    }
    if (numbers.length < 2) await c.usage(`missing operand after ‘${c.operands.at(-1)}’\n${NEEDS_NUMBERS}`);
    if (type !== "c" && type !== "u") await c.usage(`invalid device type ‘${type}’`);
    const [major, minor] = [
      await deviceNumber(c, numbers[0]!, "major"),
      await deviceNumber(c, numbers[1]!, "minor"),
    ];
    return make(c, path!, S_IFCHR, (major << 8) | minor, path!);
  },
);

async function deviceNumber(c: Command, text: string, which: string): Promise<number> {
  const n = Number(text);
  return /^\d+$/.test(text) && n <= 0xff ? n : c.die(`invalid ${which} device number ‘${text}’`);
}
