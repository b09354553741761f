// journalctl.ts - the command `journalctl`: the kernel's log and what services said, in the order of time.
import { Errno } from "../../../kernel-as/abi.ts";
import { tool, type Tool } from "../kpatch/tool.ts";
import { SysError } from "../sys.ts";
import { bootTime } from "./clock.ts";
import { isLasting, kernelEntries, openKernelLog, serviceEntries, type Entry } from "./journal.ts";
import { bootId, bootList, journalFormatter, OUTPUTS, type Formatter } from "./journalFormat.ts";
import { readJournalOptions, type JournalOptions } from "./journalOptions.ts";

const HELP = `journalctl [OPTIONS...]

Query the journal.

Source Options:
  -S --since=DATE            Show entries not older than the specified date
  -U --until=DATE            Show entries not newer than the specified date
  -b --boot[=ID]             Show current boot or the specified boot
  -u --unit=UNIT             Show logs from the specified unit
  -t --identifier=STRING     Show entries with the specified syslog identifier
  -p --priority=RANGE        Show entries within the specified priority range
  -g --grep=PATTERN          Show entries with MESSAGE matching PATTERN
  -k --dmesg                 Show kernel message log from the current boot

Output Control Options:
  -o --output=STRING         Change journal output mode (short, short-full,
                             short-iso, short-iso-precise, short-precise,
                             short-monotonic, short-unix, json, cat)
  -n --lines[=INTEGER]       Number of journal entries to show
  -r --reverse               Show the newest entries first
     --no-hostname           Suppress output of hostname field
  -f --follow                Follow the journal
  -q --quiet                 Do not show info messages and privilege warning
     --no-pager              Do not pipe output into a pager

Commands:
     --list-boots            Show terse information about recorded boots`;

export const journalctl = tool("journalctl", async (tool) => {
  const options = await readJournalOptions(tool);
  const { given } = options;
  if (given.has("help")) return say(tool, HELP);
  if (given.has("version")) return say(tool, "systemd 255 (255)");
  const output = given.get("output") ?? "short";
  if (!OUTPUTS.includes(output)) {
    await tool.err(`Unknown output format '${output}'.`);
    return 1;
  }
  if (options.boot !== null && options.boot !== 0 && !(await isLasting(tool.sys))) {
    await tool.err("Specifying boot ID or boot offset has no effect, no persistent journal was found.");
    return 1;
  }
  const format = journalFormatter(output, given.has("no-hostname") ? "" : (await tool.sys.uname()).nodename);
  try {
    return await show(tool, options, format);
  } catch (error) {
    if (!(error instanceof SysError && DENIED.includes(error.code))) throw error;
    await tool.err("No journal files were opened due to insufficient permissions.");
    return 1;
  }
});

const DENIED: number[] = [Errno.EACCES, Errno.EPERM];

async function say(tool: Tool, text: string): Promise<number> {
  await tool.out(text);
  return 0;
}

async function show(tool: Tool, options: JournalOptions, format: Formatter): Promise<number> {
  const { given, lines } = options;
  const source = await openSource(tool);
  const all = await source.next();
  if (given.has("list-boots")) return say(tool, await bootList(tool.sys, all));
  const boot = await chosenBoot(tool, options, all);
  const entries = all.filter((entry) => (boot === null || entry.boot === boot) && options.wanted(entry));
  const last = lines === null ? entries : entries.slice(entries.length - Math.min(lines, entries.length));
  if (given.has("reverse")) last.reverse();
  const text = withBoots(last, format);
  if (text !== "") await tool.out(text);
  else if (!given.has("quiet") && !given.has("follow")) await tool.out("-- No entries --");
  if (given.has("follow")) await follow(tool, options, source, format);
  return 0;
}

/** A line between the entries of one boot and those of another. */
function withBoots(entries: Entry[], format: Formatter): string {
  const lines: string[] = [];
  for (const [i, entry] of entries.entries()) {
    if (i > 0 && entries[i - 1].boot !== entry.boot) lines.push(`-- Boot ${bootId(entry.boot)} --`);
    lines.push(format(entry));
  }
  return lines.join("\n");
}

/** The boot of the offset that was asked for; null for all. */
async function chosenBoot(tool: Tool, { boot }: JournalOptions, entries: Entry[]): Promise<number | null> {
  if (boot === null) return null;
  const current = await bootTime(tool.sys);
  const boots = [...new Set([...entries.map((entry) => entry.boot), current])].sort((a, b) => a - b);
  return boots[boots.indexOf(current) + boot] ?? -1;
}

interface Source {
  /** What has come since the last call, in the order of time. */
  next: () => Promise<Entry[]>;
}

async function openSource({ sys }: Tool): Promise<Source> {
  const kernelLog = await openKernelLog(sys);
  let seen = 0;
  return {
    next: async () => {
      const services = await serviceEntries(sys);
      const fresh = [...services.slice(seen), ...(await kernelEntries(sys, kernelLog))];
      seen = services.length;
      return fresh.sort((a, b) => a.time - b.time);
    },
  };
}

/** How often a follower looks: nothing tells it of a line in a file. */
const INTERVAL_NS = 250_000_000;

async function follow(
  tool: Tool,
  { wanted }: JournalOptions,
  source: Source,
  format: Formatter,
): Promise<never> {
  for (;;) {
    await tool.sys.nanosleep(INTERVAL_NS);
    for (const entry of await source.next()) if (wanted(entry)) await tool.out(format(entry));
  }
}
