/** The writable files under /sys, found by walking the tree, and what each kind of them may answer. */

import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../../src/user/sys.ts";
import { readAll } from "../tracefs.ts";

const TRACING = "^/sys/kernel/(debug/)?tracing/";

/**
 * Errnos that a write to a file may end in, by kind; the first row that fits counts. A file that
 * no row fits is an error: it was made without a thought about what may be written to it.
 */
const KINDS: [files: RegExp, errnos: Errno[]][] = [
  // Numbers and switches: what is none is EINVAL.
  [RegExp(`${TRACING}(tracing_on|max_graph_depth|tracing_thresh)$`), [Errno.EINVAL]],
  [
    RegExp(`${TRACING}(options/[\\w-]+|trace_options|trace_clock|set_ftrace_(notrace_)?pid)$`),
    [Errno.EINVAL],
  ],
  [RegExp(`${TRACING}(per_cpu/cpu\\d+/)?buffer_size_kb$`), [Errno.EINVAL, Errno.ENOMEM]],
  [RegExp(`${TRACING}saved_cmdlines_size$`), [Errno.EINVAL, Errno.ENOMEM]],
  [RegExp(`${TRACING}(per_cpu/cpu\\d+/)?snapshot$`), [Errno.EINVAL, Errno.EBUSY, Errno.ENOMEM]],
  // Whatever is written: opening them anew is what counts.
  [RegExp(`${TRACING}(error_log|(per_cpu/cpu\\d+/)?trace)$`), []],
  // EBADF: recording is off.
  [RegExp(`${TRACING}trace_marker$`), [Errno.EBADF]],
  // EBUSY: a reader of trace_pipe is there.
  [RegExp(`${TRACING}current_tracer$`), [Errno.EINVAL, Errno.EBUSY]],
  // Functions that there are not; commands that there are not.
  [RegExp(`${TRACING}set_(ftrace_filter|ftrace_notrace|graph_function|graph_notrace)$`), [Errno.EINVAL]],
  // ENOENT: nothing to remove. EEXIST: another kind of probe has the name. EILSEQ: in the middle of
  // a function. EADDRNOTAVAIL: two symbols of that name. EBUSY: the event is on. E2BIG: arguments.
  [
    RegExp(`${TRACING}(kprobe|dynamic)_events$`),
    [Errno.EINVAL, Errno.ENOENT, Errno.EEXIST, Errno.EILSEQ, Errno.EADDRNOTAVAIL, Errno.EBUSY, Errno.E2BIG],
  ],
  [RegExp(`${TRACING}(set_event|events/([\\w-]+/){0,2}enable)$`), [Errno.EINVAL]],
  [/^\/sys\/kernel\/debug\/kprobes\/enabled$/, [Errno.EINVAL]],
  // E2BIG: longer than a page.
  [/^\/sys\/kernel\/debug\/dynamic_debug\/control$/, [Errno.EINVAL, Errno.E2BIG]],
  // EBUSY: another patch is in transition.
  [/^\/sys\/kernel\/livepatch\/\w+\/enabled$/, [Errno.EINVAL, Errno.EBUSY]],
  [/^\/sys\/kernel\/livepatch\/\w+\/force$/, [Errno.EINVAL]],
  // ERANGE: a number that does not fit.
  [/^\/sys\/module\/\w+\/parameters\/\w+$/, [Errno.EINVAL, Errno.ERANGE]],
];

export function allowedErrnos(path: string): Errno[] {
  const kind = KINDS.find(([files]) => files.test(path));
  if (kind === undefined) throw new Error(`no kind for ${path}`);
  return kind[1];
}

/** Gives null for what went while the tree was walked: a livepatch that is through, its events. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof SysError && [Errno.ENOENT, Errno.ENODEV].includes(error.code)) return null;
    throw error;
  });
}

/** Regular files below dir that one of the mode's bits is set for. */
async function walk(sys: SysCalls, dir: string, bits: number): Promise<string[]> {
  const fd = await unlessGone(sys.open(dir, Open.RDONLY | Open.DIRECTORY));
  if (fd === null) return [];
  const found: string[] = [];
  for (;;) {
    const entries = await sys.getdents(fd);
    if (entries.length === 0) break;
    for (const { name } of entries) {
      if (name === "." || name === "..") continue;
      const path = `${dir}/${name}`;
      const mode = (await unlessGone(sys.lstat(path)))?.mode ?? 0;
      if ((mode & Mode.IFMT) === Mode.IFDIR) found.push(...(await walk(sys, path, bits)));
      else if ((mode & Mode.IFMT) === Mode.IFREG && (mode & bits) !== 0) found.push(path);
    }
  }
  await sys.close(fd);
  return found.sort();
}

export const writableFiles = (sys: SysCalls): Promise<string[]> => walk(sys, "/sys", 0o222);

/** Reads all that can be read, but for the pipes: their readers wait for something to happen. */
export async function readEverything(sys: SysCalls): Promise<void> {
  for (const path of await walk(sys, "/sys", 0o444)) {
    if (!path.endsWith("/trace_pipe")) await unlessGone(readAll(sys, path));
  }
  for (const name of ["kallsyms", "modules", "meminfo", "1/stack"]) await readAll(sys, `/proc/${name}`);
}

/** Opens, writes, closes; the errno, 0 for success. */
export async function poke(sys: SysCalls, path: string, text: string, flags: number): Promise<number> {
  try {
    const fd = await sys.open(path, Open.WRONLY | flags);
    try {
      await sys.write(fd, new TextEncoder().encode(text));
      return 0;
    } finally {
      await sys.close(fd);
    }
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}
