import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { withTracefs, type Tracefs } from "./tracefs.ts";

const HEADER = [
  "# tracer: function_graph",
  "#",
  "# CPU  DURATION                  FUNCTION CALLS",
  "# |     |   |                     |   |   |   |",
];

/** Traces what `body` does and gives the lines of the tree. */
async function tree(t: Tracefs, filter: string, body: () => Promise<unknown>): Promise<string[]> {
  await t.echo("set_ftrace_filter", filter);
  await t.echo("current_tracer", "function_graph");
  await body();
  await t.echo("tracing_on", "0");
  const lines = await t.lines("trace");
  expect(lines.slice(0, 4)).toEqual(HEADER);
  await t.echo("current_tracer", "nop");
  await t.echo("tracing_on", "1");
  return lines.slice(4);
}

test("leaves, nesting, durations: a traced call costs 100 ns at each end", async () => {
  const lines = await withTracefs((t, sys) =>
    tree(t, "__x64_sys_getppid __x64_sys_nanosleep hrtimer_nanosleep", async () => {
      await sys.getppid();
      await sys.nanosleep(20_000_000);
    }),
  );
  expect(lines).toEqual([
    " 0)   0.100 us    |  __x64_sys_getppid();",
    " 0)               |  __x64_sys_nanosleep() {",
    " 0) * 20000.00 us |    hrtimer_nanosleep();",
    " 0) * 20000.20 us |  }",
  ]);
});

test("a task that sleeps in a call and another one: the tree says who runs", async () => {
  const lines = await withTracefs((t, sys) =>
    tree(t, "hrtimer_nanosleep", async () => {
      await sys.fork(async (child) => {
        await child.nanosleep(1_000_000);
        return 0;
      });
      await sys.nanosleep(5_000_000);
    }),
  );
  const shape = lines.map((line) => line.replace(/-\d+/g, "-N").replace(/[\d.]+ us/, "T us"));
  expect(shape).toEqual([
    " 0)               |  hrtimer_nanosleep() {",
    " ------------------------------------------",
    " 0)     init-N     =>     init-N    ",
    " ------------------------------------------",
    "",
    " 0) ! T us |  hrtimer_nanosleep();",
    " ------------------------------------------",
    " 0)     init-N     =>     init-N    ",
    " ------------------------------------------",
    "",
    " 0) # T us |  }",
  ]);
});

test("set_graph_function, set_graph_notrace, max_graph_depth", async () => {
  await withTracefs(async (t, sys) => {
    const names = async () => {
      await t.echo("trace", "");
      await sys.getppid();
      await sys.access("/proc", 4);
      const lines = (await t.lines("trace")).filter((line) => /\(\)/.test(line));
      return lines.map((line) => line.slice(21).replace(/\(\).*/, ""));
    };
    await t.echo("set_graph_function", "__x64_sys_getp* __x64_sys_access");
    await t.echo("current_tracer", "function_graph");
    const all = await names();
    expect(all.slice(0, 2)).toEqual(["__x64_sys_getppid", "__x64_sys_access"]);
    expect(all.length).toBeGreaterThan(10);
    await t.echo("max_graph_depth", "2");
    const shallow = await names();
    expect(shallow).toEqual(all.filter((name) => !name.startsWith("    ")));
    await t.echo("max_graph_depth", "0");
    await t.echo("set_graph_notrace", "filename_lookup");
    const without = await names();
    expect(without.join()).not.toContain("filename_lookup");
    expect(without.length).toBeLessThan(all.length);
    await t.echo("set_graph_notrace", "");
    expect(await names()).toEqual(all);
  });
});

test("options: proc, abstime, tail, retval, args, no cpu, no duration", async () => {
  await withTracefs(async (t, sys) => {
    const set = async (names: string[]) => {
      for (const name of names) expect(await t.append("trace_options", name)).toBe(0);
    };
    await t.echo("set_ftrace_filter", "__x64_sys_getppid __x64_sys_access filename_lookup");
    await t.echo("current_tracer", "function_graph");
    await set(["funcgraph-args"]);
    await sys.getppid();
    await sys.access("/nowhere", 4).catch(() => undefined);
    await set(["funcgraph-proc", "funcgraph-tail", "funcgraph-retval", "nofuncgraph-cpu"]);
    const [, , head, , first, ...rest] = ["", ...(await t.lines("trace"))];
    expect(head).toBe("#");
    expect(first).toBe("#   |    |           |   |                     |   |   |   |");
    expect(rest[0]).toMatch(
      /^ {4}init-1 {5}\| {3}0\.100 us {4}\| {2}__x64_sys_getppid\((0x[0-9a-f]+(, )?){6}\); \/\* ret=0x0 \*\/$/,
    );
    expect(rest.at(-1)).toMatch(/\} \/\* __x64_sys_access ret=-2 \*\/$/);
    await set(["nofuncgraph-proc", "nofuncgraph-tail", "nofuncgraph-retval", "nofuncgraph-duration"]);
    expect((await t.lines("trace"))[4]).toMatch(/^__x64_sys_getppid\(/);
  });
});

test("a switch of tasks leaves no call open; tracing_thresh keeps the ends of slow calls", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("set_graph_function", "hrtimer_nanosleep");
    await t.echo("current_tracer", "function_graph");
    for (let i = 0; i < 100; i++) await sys.nanosleep(1_000_000);
    const lines = await t.lines("trace");
    expect(lines.filter((line) => line.endsWith("|  hrtimer_nanosleep() {")).length).toBe(100);
    expect(lines.filter((line) => line.endsWith("|  }")).length).toBe(100);
    await t.echo("set_graph_function", "");
    expect(await t.echo("tracing_thresh", "1000")).toBe(0);
    expect(await t.read("tracing_thresh")).toBe("1000\n");
    await t.echo("trace", "");
    await sys.nanosleep(5_000_000);
    const slow = (await t.lines("trace")).filter((line) => line.includes("us"));
    expect(
      slow.some((line) => /^ 0\) # 50\d\d\.\d\d\d us \| +\} \/\* hrtimer_nanosleep \*\/$/.test(line)),
    ).toBe(true);
    expect(slow.every((line) => / [#@*$] .*\} \/\* \w+ \*\/$/.test(line))).toBe(true);
    expect(await t.echo("tracing_thresh", "long")).toBe(Errno.EINVAL);
  });
});
