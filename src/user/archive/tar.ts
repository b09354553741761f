// tar.ts - the command tar.

import { type Command, splitLines, utility } from "../bin/command.ts";
import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { create } from "./tarCreate.ts";
import { compare, extract, listMembers } from "./tarExtract.ts";
import { fatal } from "./tarFile.ts";

const HELP = `Usage: tar [OPTION...] [FILE]...
Store files in an archive and restore them from it.

Examples:
  tar -cf archive.tar foo bar  # Create archive.tar from files foo and bar.
  tar -tvf archive.tar         # List all files in archive.tar verbosely.
  tar -xf archive.tar          # Extract all files from archive.tar.

  -c, --create               create a new archive
  -d, --diff, --compare      find differences between archive and file system
  -r, --append               append files to the end of an archive
  -t, --list                 list the contents of an archive
  -x, --extract, --get       extract files from an archive
  -C, --directory=DIR        change to directory DIR
  -f, --file=ARCHIVE         use archive file
  -h, --dereference          follow symlinks; archive the files they point to
  -k, --keep-old-files       don't replace existing files when extracting
  -m, --touch                don't extract file modified time
  -O, --to-stdout            extract files to standard output
  -p, --preserve-permissions extract file permissions
  -P, --absolute-names       don't strip leading '/'s from file names
  -T, --files-from=FILE      get names to extract or create from FILE
  -v, --verbose              verbosely list files processed
  -z, --gzip                 filter the archive through gzip
  -a, --auto-compress        use archive suffix to determine the compression
      --exclude=PATTERN      exclude files, given as a PATTERN
      --no-recursion         avoid descending automatically in directories
      --numeric-owner        use numbers for user/group names
      --strip-components=N   strip N leading components from file names
      --wildcards            use wildcards`;

const OPTIONS =
  "c,create d,diff ,compare r,append u,update t,list x,extract ,get C:,directory f:,file h,dereference " +
  "k,keep-old-files m,touch O,to-stdout p,preserve-permissions P,absolute-names T:,files-from v,verbose " +
  "z,gzip a,auto-compress ,exclude: ,no-recursion ,numeric-owner ,strip-components: ,wildcards ,no-wildcards " +
  "j,bzip2 J,xz ,same-owner ,no-same-owner ,overwrite w,interactive b:,blocking-factor S,sparse l";

const HINT = "Try 'tar --help' or 'tar --usage' for more information.";

/** `tar czf x.tgz d`: letters without a dash, whose values follow in their order. */
function oldStyle(args: string[]): string[] {
  const [letters, ...rest] = args;
  if (letters === undefined || letters === "" || letters.startsWith("-")) return args;
  const out: string[] = [];
  for (const letter of letters) {
    out.push(`-${letter}`);
    if ("fCTb".includes(letter)) out.push(...rest.splice(0, 1));
  }
  return [...out, ...rest];
}

const MODES = ["c", "d", "r", "u", "t", "x"] as const;

async function mode(c: Command): Promise<(typeof MODES)[number]> {
  const synonyms = { compare: "d", get: "x" } as const;
  const given = new Set<(typeof MODES)[number]>(MODES.filter((m) => c.has(m)));
  for (const [long, short] of Object.entries(synonyms)) if (c.has(long)) given.add(short);
  if (given.size === 0)
    await c.usage("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options", 2);
  if (given.size > 1)
    await c.usage("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option", 2);
  return [...given][0]!;
}

async function listedNames(c: Command): Promise<void> {
  for (const path of c.values("T")) {
    const text = await c.slurpText(path);
    if (text === null) await fatal(c, "");
    c.operands.push(...splitLines(text!));
  }
}

async function changeDirectory(c: Command): Promise<void> {
  for (const dir of c.values("C")) {
    const r = await attempt(c.sys.chdir(dir));
    if (!r.ok) await fatal(c, `tar: ${dir}: Cannot open: ${strerror(r.code)}\n`);
  }
}

/** The archive's name is meant where tar was started, not below -C. */
async function anchorArchive(c: Command): Promise<void> {
  const file = c.value("f");
  if (file === undefined || file === "-" || file.startsWith("/") || !c.has("C")) return;
  c.override("f", `${await c.sys.getcwd()}/${file}`);
}

const tar = utility(
  "tar",
  { help: HELP, options: OPTIONS, usageStatus: 64, hint: HINT, rewrite: oldStyle },
  async (c) => {
    const chosen = await mode(c);
    if (c.has("j") || c.has("J")) {
      const tool = c.has("j") ? "bzip2" : "xz";
      await fatal(
        c,
        `tar (child): ${tool}: Cannot exec: No such file or directory\ntar (child): Error is not recoverable: exiting now\ntar: Child returned status 2\n`,
      );
    }
    await anchorArchive(c);
    await listedNames(c);
    if (chosen === "c" && c.operands.length === 0)
      await c.usage("Cowardly refusing to create an empty archive", 2);
    await changeDirectory(c);
    if (chosen === "c" || chosen === "r" || chosen === "u") await create(c, c.operands, chosen !== "c");
    else if (chosen === "t") await listMembers(c);
    else await (chosen === "x" ? extract(c) : compare(c));
    if (c.status === 2) await c.errText("tar: Exiting with failure status due to previous errors\n");
  },
);

export const tarPrograms: Record<string, Program> = { tar };
