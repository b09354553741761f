/**
 * Every refusal of kprobe_events: its errno, and what error_log says about it.
 * A ^ in a command is where the caret must stand; it is not written. The
 * notation and most commands are those of Linux's kprobe_syntax_errors.tc.
 */

import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { withTracefs } from "./tracefs.ts";

const LONG = "a".repeat(65);

const REFUSED: [command: string, reason: string, errno?: Errno][] = [
  ["p^100 vfs_read", "Maxactive is only for function exit"],
  ["r^1a111 vfs_read", "Invalid maxactive number"],
  ["r^100000 vfs_read", "Maxactive is too big"],
  ["p ^non_exist_func", "Invalid probed address or symbol"],
  ["p:bad ^no_such_fn", "Invalid probed address or symbol"],
  ["p ^hoge-fuga", "Invalid probed address or symbol"],
  ["p ^hoge+1000-1000", "Invalid probed address or symbol"],
  ["p ^test_klp_livepatch+x", "Invalid probed address or symbol"],
  ["p vfs_read^%foo", "Invalid probed address suffix"],
  ["p vfs_read^%return+3", "Invalid probed address suffix"],
  ["p ^s_show", "The symbol is not unique", Errno.EADDRNOTAVAIL],
  ["r ^vfs_read+10", "Retprobe address must be an function entry"],
  ["p ^vfs_read+3", "Probe point is not an instruction boundary", Errno.EILSEQ],
  ["p ^0xffffffff80000000", "Failed to register probe event"],
  ["p ^ftrace_caller", "Failed to register probe event"],
  ["p ^klp_ftrace_handler", "Failed to register probe event"],
  ["p:^/bar vfs_read", "Group name is not specified"],
  [`p:^${LONG}/bar vfs_read`, "Group name is too long"],
  ["p:^foo+1/bar vfs_read", "Group name must follow the same rules as C identifiers"],
  ["p:^1foo.bar vfs_read", "Group name must follow the same rules as C identifiers"],
  ["p:^ vfs_read", "Event name is not specified"],
  [`p:foo/^${LONG} vfs_read`, "Event name is too long"],
  ["p:foo/^bar.1 vfs_read", "Event name must follow the same rules as C identifiers"],
  ["p:^b-d vfs_read", "Event name must follow the same rules as C identifiers"],
  ["p vfs_read ^$retval", "$retval is not available on probe"],
  ["p vfs_read a=^$stack10000", "Invalid stack number"],
  ["p vfs_read ^$arg10000", "Invalid argument number"],
  ["p vfs_read ^$arg0", "Invalid argument number"],
  ["p vfs_read ^$argx", "Invalid $-valiable specified"],
  ["p vfs_read ^$none_var", "Invalid $-valiable specified"],
  ["p vfs_read ^%none_reg", "Invalid register name"],
  ["p vfs_read ^@12345678abcde", "Invalid memory address"],
  ["p vfs_read ^@no_such_data", "Invalid memory address"],
  ["p vfs_read ^@+10", "File offset is not available with kprobe"],
  ["p vfs_read x=\\^zz", "Invalid immediate value"],
  ["p vfs_read ^+0@0)", "Dereference needs a brace"],
  ["p vfs_read ^+0ab1($arg1)", "Invalid dereference offset"],
  ["p vfs_read +0(+0($arg1^)", "Dereference brace is not closed"],
  ["p vfs_read +8($arg1^", "Dereference brace is not closed"],
  ["p vfs_read +0(^$comm)", "$comm can not be dereferenced"],
  ["p vfs_read $comm:^u8", "$comm and immediate-string only accepts string type"],
  ["p vfs_read ^&1", "Invalid fetch argument"],
  ["p vfs_read +0(+0(+0(+0(^+0($arg1)))))", "Dereference is too much nested"],
  ["p vfs_read $arg1:^unknown_type", "Unknown type is specified"],
  ["p vfs_read $arg1:^u7", "Unknown type is specified"],
  ["p vfs_read $arg1:^string", "String accepts only memory argument"],
  ["p vfs_read ^arg123456789012345678901234567890=$arg1", "Argument name is too long"],
  ["p vfs_read ^=$arg1", "Argument name is not specified"],
  ["p vfs_read ^var.1=$arg1", "Argument name must follow the same rules as C identifiers"],
  ["p vfs_read var1=$arg1 ^var1=$arg2", "This argument name is already used"],
  ["p vfs_read ^common_pid=$arg1", "This argument name is already used"],
  [
    "p vfs_read x=^+1234567(+1234567(+1234567(+1234567(+1234567(+1234567($arg1))))))",
    "Argument expression is too long",
  ],
  ["p vfs_read arg1=^", "No argument expression"],
  [`p vfs_read ${"$arg1 ".repeat(16)}^$arg2`, "Too many arguments are specified", Errno.E2BIG],
  ["^r:there vfs_read", "Probe type is different from existing probe", Errno.EEXIST],
  ["^p:there vfs_write y=$arg1", "Argument type or name is different from existing probe", Errno.EEXIST],
  ["^p:there vfs_read x=$arg1", "There is already the exact same probe event", Errno.EEXIST],
];

/** Refused before anything is parsed: error_log has nothing to say. */
const SILENT: [command: string, errno: Errno][] = [
  ["q:bad vfs_read", Errno.EINVAL],
  ["p", Errno.EINVAL],
  ["p:bad", Errno.EINVAL],
  ["-", Errno.EINVAL],
  ["-:", Errno.EINVAL],
  ["-:nobody", Errno.ENOENT],
  ["-:nogroup/", Errno.ENOENT],
  ["-:kprobes/there vfs_write", Errno.ENOENT],
];

test("refused: the reason is in error_log, under its place in the command", async () => {
  await withTracefs(async (t) => {
    expect(await t.echo("kprobe_events", "p:there vfs_read x=$arg1")).toBe(0);
    for (const [marked, reason, errno = Errno.EINVAL] of REFUSED) {
      const command = marked.replace("^", "");
      await t.echo("error_log", "");
      expect([command, await t.append("kprobe_events", command)]).toEqual([command, errno]);
      const log = await t.lines("error_log");
      expect(log[0]).toMatch(/^\[ {4}\d\.\d{6}\] trace_kprobe: error: /);
      expect([log[0].replace(/.*error: /, ""), ...log.slice(1)]).toEqual([
        reason,
        `  Command: ${command}`,
        `           ${" ".repeat(marked.indexOf("^"))}^`,
      ]);
    }
    await t.echo("error_log", "");
    for (const [command, errno] of SILENT) {
      expect([command, await t.append("kprobe_events", command)]).toEqual([command, errno]);
    }
    expect(await t.read("error_log")).toBe("");
    expect(await t.read("kprobe_events")).toBe("p:kprobes/there vfs_read x=$arg1\n");
  });
});

test("taken: names that Linux makes up, groups with hyphens, addresses", async () => {
  await withTracefs(async (t) => {
    const site = (await t.lines("available_filter_functions_addrs")).find((line) => / vfs_read$/.test(line))!;
    const addr = `0x${site.split(" ")[0]}`;
    for (const command of [
      "p vfs_read+0",
      "r vfs_read",
      "p:a-b/c vfs_read",
      "p:d.e vfs_read",
      "p:a-b/ vfs_read",
      `p ${addr}`,
      "p:u vfs_read x=+u8($arg1):u16",
    ]) {
      expect([command, await t.append("kprobe_events", command)]).toEqual([command, 0]);
    }
    expect(await t.lines("kprobe_events")).toEqual([
      "p:kprobes/p_vfs_read_0 vfs_read",
      "r10:kprobes/r_vfs_read_0 vfs_read",
      "p:a-b/c vfs_read",
      "p:d/e vfs_read",
      "p:a-b/p_vfs_read_0 vfs_read",
      `p:kprobes/p_${addr} ${addr}`,
      "p:kprobes/u vfs_read x=+u8($arg1):u16",
    ]);
    await t.echo("events/a-b/c/enable", "1");
    expect(await t.append("kprobe_events", "-:a-b/")).toBe(Errno.EBUSY);
    await t.echo("events/a-b/c/enable", "0");
    expect(await t.append("kprobe_events", "-:a-b/")).toBe(0);
    expect((await t.lines("kprobe_events")).filter((line) => line.includes("a-b"))).toEqual([]);
  });
});
