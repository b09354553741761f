// sed.ts - sed: its options, and files that are edited in place.

import { attempt, strerror } from "../errno.ts";
import { decode, encode } from "../text.ts";
import { type Command, utility, writeFully } from "./command.ts";
import { parseSed, type SedCommand, SedError } from "./sedParse.ts";
import { Sed } from "./sedRun.ts";

const HELP = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent      suppress automatic printing of pattern space
  -e script, --expression=script
                             add the script to the commands to be executed
  -f script-file, --file=script-file
                             add the contents of script-file
  -E, -r, --regexp-extended  use extended regular expressions in the script
  -i[SUFFIX], --in-place[=SUFFIX]
                             edit files in place (makes backup if SUFFIX supplied)
  -s, --separate             consider files as separate
  -u, --unbuffered           flush the output buffers more often
  -z, --null-data            separate lines by NUL characters`;

export const sed = utility(
  "sed",
  {
    help: HELP,
    // As sed does: all of it, and a line between.
    hint: `${HELP}\n`,
    writeError: "couldn't flush stdout",
    writeErrorStatus: 4,
    options:
      "n,quiet ,silent e:,expression f:,file E,regexp-extended r i?,in-place s,separate u,unbuffered z,null-data ,posix ,debug l:",
  },
  async (c) => {
    const parts: string[] = [];
    for (const o of c.sequence) {
      if (o.name === "expression") parts.push(o.value);
      else if (o.name === "file") {
        const fd = o.value === "-" ? { ok: true as const, value: 0 } : await attempt(c.sys.open(o.value, 0));
        if (!fd.ok) return c.die(`couldn't open file ${o.value}: ${strerror(fd.code)}`);
        parts.push(decode(await c.readAll(fd.value)).replace(/\n$/, ""));
      }
    }
    let files = c.operands;
    if (parts.length === 0) {
      if (files.length === 0) {
        await c.errText(`${c.info.help}\n`);
        return 1;
      }
      parts.push(files[0]!);
      files = files.slice(1);
    }
    let script = parts.join("\n");
    let silent = c.has("n") || c.has("silent");
    if (script.startsWith("#n\n")) {
      silent = true;
      script = script.slice(3);
    }
    try {
      const program = (): SedCommand[] => parseSed(script, c.has("E") || c.has("r"));
      if (c.has("i")) return await inPlace(c, program, silent, files);
      return await new Sed(c, program(), silent, files.length > 0 ? files : ["-"]).run();
    } catch (e) {
      if (!(e instanceof SedError)) throw e;
      const where = e.position === null ? "" : `-e expression #1, char ${e.position}: `;
      await c.errText(`sed: ${where}${e.message}\n`);
      return 1;
    }
  },
);

async function inPlace(
  c: Command,
  program: () => SedCommand[],
  silent: boolean,
  files: string[],
): Promise<number> {
  if (files.length === 0) await c.die("no input files");
  for (const path of files) {
    const st = await attempt(c.sys.stat(path));
    if (!st.ok) {
      await c.warn(`can't read ${path}: ${strerror(st.code)}`, 2);
      continue;
    }
    let text = "";
    const s = new Sed(c, program(), silent, [path]);
    s.out = async (piece) => void (text += piece);
    const status = await s.run();
    const suffix = c.value("i");
    if (suffix) await c.sys.rename(path, suffix.includes("*") ? suffix.replaceAll("*", path) : path + suffix);
    const fd = await c.try(c.sys.open(path, 0o1101, st.value.mode & 0o7777), `couldn't open file ${path}`);
    if (fd === null) continue;
    await writeFully(c.sys, fd, encode(text));
    await c.sys.close(fd);
    if (status !== 0) return status;
  }
  return c.status;
}
