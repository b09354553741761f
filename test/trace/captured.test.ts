/**
 * What Linux 7.3.4 showed in tracefs and the files around it while livepatches
 * came and went (section 6 of the livepatch contract), against what our files
 * show: the same texts once addresses, sizes, times and callers are masked.
 */

import { expect, test } from "vitest";
import { inMachine } from "../tools/live.ts";
import { captured, MODULES, scripts } from "./captured.ts";
import { CONTRACT, NOT_IN_CONTRACT } from "./capturedFiles.ts";

captured(
  "available_tracers, current_tracer, the patch's function among those that can be traced",
  "cat available_tracers current_tracer; grep cmdline_proc_show available_filter_functions",
  `
function_graph function nop
nop
cmdline_proc_show
livepatch_cmdline_proc_show [test_klp_livepatch]
`,
);

captured(
  "available_filter_functions_addrs",
  "grep cmdline_proc_show available_filter_functions_addrs",
  `
ffffffff812b1b74 cmdline_proc_show
ffffffffa0000034 livepatch_cmdline_proc_show [test_klp_livepatch]
`,
);

const KLP_ONLY =
  "cmdline_proc_show (1)   I     M \ttramp: 0xffffffffa0001000 (klp_ftrace_handler+0x0/0x100) ->klp_ftrace_handler+0x0/0x100";

captured(
  "enabled_functions: a livepatch alone, with the function tracer, with a kprobe",
  `cat enabled_functions
echo cmdline_proc_show > set_ftrace_filter; echo function > current_tracer
cat enabled_functions
echo nop > current_tracer; cat enabled_functions
echo p:myp cmdline_proc_show > kprobe_events; echo 1 > events/kprobes/myp/enable
cat enabled_functions
echo 0 > events/enable; echo > kprobe_events; cat enabled_functions`,
  `
${KLP_ONLY}
cmdline_proc_show (2)   I     M  ->arch_ftrace_ops_list_func+0x0/0x1f0
${KLP_ONLY}
cmdline_proc_show (2) R I     M  ->arch_ftrace_ops_list_func+0x0/0x1f0
${KLP_ONLY}
`,
);

captured(
  "enabled_functions: a kprobe with a post_handler; touched_functions never forgets",
  `echo 0 > /sys/kernel/livepatch/test_klp_livepatch/enabled; sleep 3; rmmod test_klp_livepatch
cat enabled_functions; grep cmdline_proc_show touched_functions
insmod ${MODULES}/test_klp_kprobe.ko has_post_handler=y; cat enabled_functions`,
  `
cmdline_proc_show (0)         M  ->ftrace_stub+0x0/0x10
cmdline_proc_show (1) R I     M \ttramp: 0xffffffffa0001000 (kprobe_ftrace_handler+0x0/0x1c0) ->kprobe_ftrace_handler+0x0/0x1c0
`,
);

captured(
  "enabled_functions: two livepatches on one function are one callback",
  `insmod ${MODULES}/test_klp_atomic_replace.ko replace=0; sleep 3; grep -c . enabled_functions
grep meminfo enabled_functions`,
  `
2
meminfo_proc_show (1)   I     M \ttramp: 0xffffffffa0001000 (klp_ftrace_handler+0x0/0x100) ->klp_ftrace_handler+0x0/0x100
`,
);

captured(
  "set_ftrace_filter and set_ftrace_notrace, empty and with a module's functions",
  `cat set_ftrace_filter set_ftrace_notrace
echo ':mod:test_klp_livepatch' > set_ftrace_filter; echo '!*_module' >> set_ftrace_filter
cat set_ftrace_filter
echo no_such_function > set_ftrace_filter; cat set_ftrace_filter error_log`,
  `
#### all functions enabled ####
#### no functions disabled ####
livepatch_cmdline_proc_show [test_klp_livepatch]
/tmp/script: line 5: echo: write error: Invalid argument
#### all functions enabled ####
`,
);

captured(
  "function: old and new name, both called by the old one's caller",
  `echo '*cmdline_proc_show' > set_ftrace_filter; echo function > current_tracer
cat /proc/cmdline; cat trace`,
  `
test_klp_livepatch: this has been live patched
# tracer: function
#
# entries-in-buffer/entries-written: 2/2   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
             cat-59      [001] ...1.     6.262306: cmdline_proc_show <-seq_read_iter
             cat-59      [001] .....     6.263302: livepatch_cmdline_proc_show <-seq_read_iter
`,
);

captured(
  "trace_pipe: the same rows, once, without a header",
  `echo '*cmdline_proc_show' > set_ftrace_filter; echo function > current_tracer
cat trace_pipe > /tmp/pipe & cat /proc/cmdline > /tmp/out; sleep 1; kill $!; cat /tmp/pipe
grep -c -v '^#' trace`,
  `
             cat-59      [001] ...1.     6.262306: cmdline_proc_show <-seq_read_iter
             cat-59      [001] .....     6.263302: livepatch_cmdline_proc_show <-seq_read_iter
0
`,
);

// Linux's seq_read_iter calls the show function itself; ours goes by way of show_record.
captured(
  "function_graph: the new function inside of the old one's name",
  `echo 'seq_read_iter *cmdline_proc_show seq_printf' > set_ftrace_filter
echo 'seq_read_iter' > set_graph_function; echo function_graph > current_tracer
cat /proc/cmdline > /tmp/out; echo 0 > tracing_on; head -11 trace`,
  `
# tracer: function_graph
#
# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |
 1)               |  seq_read_iter() {
 1)               |    cmdline_proc_show() {
 1)               |      livepatch_cmdline_proc_show [test_klp_livepatch]() {
 1) ! 161.982 us  |        seq_printf();
 1) ! 369.269 us  |      }
 1) ! 383.705 us  |    }
 1) ! 676.071 us  |  }
`,
);

captured(
  "kernel.ftrace_enabled cannot be switched off",
  `sysctl kernel.ftrace_enabled=0; echo 0 > /proc/sys/kernel/ftrace_enabled; sysctl kernel.ftrace_enabled`,
  `
sysctl: setting key "kernel.ftrace_enabled": Operation not supported
/tmp/script: line 2: echo: write error: Operation not supported
kernel.ftrace_enabled = 1
`,
);

captured(
  "kprobe_events, its rows, kprobe_profile, kprobes/list",
  `echo p:myp cmdline_proc_show > kprobe_events
echo 'r:myr livepatch_cmdline_proc_show arg1=$retval' >> kprobe_events
cat kprobe_events; echo 1 > events/kprobes/enable; cat /proc/cmdline > /tmp/out
grep -v '^#' trace; cat kprobe_profile; sort /sys/kernel/debug/kprobes/list
echo > kprobe_events`,
  `
p:kprobes/myp cmdline_proc_show
r10:kprobes/myr livepatch_cmdline_proc_show arg1=$retval
             cat-78      [001] ...1.    20.041167: myp: (cmdline_proc_show+0x4/0x30)
             cat-84      [001] .....    20.438809: myr: (seq_read_iter+0x103/0x410 <- livepatch_cmdline_proc_show) arg1=0x0
  myp                                                        1               0
  myr                                                        1               0
ffffffff812b1b74  k  cmdline_proc_show+0x4    [FTRACE]
ffffffffa0000034  r  livepatch_cmdline_proc_show+0x4  test_klp_livepatch [FTRACE]
/tmp/script: line 6: kprobe_events: Device or resource busy
`,
);

captured(
  "error_log",
  `echo p:bad no_such_fn > kprobe_events; cat error_log; echo > error_log; cat error_log`,
  `
/tmp/script: line 2: echo: write error: Invalid argument
[   20.589540] trace_kprobe: error: Invalid probed address or symbol
  Command: p:bad no_such_fn
                 ^
`,
);

captured(
  "kprobes/enabled",
  `cat /sys/kernel/debug/kprobes/enabled; echo 0 > /sys/kernel/debug/kprobes/enabled
cat /sys/kernel/debug/kprobes/enabled; echo 1 > /sys/kernel/debug/kprobes/enabled
dmesg | grep -o 'Kprobes globally .*'`,
  `
1
0
Kprobes globally disabled
Kprobes globally enabled
`,
);

captured(
  "kallsyms, modules and taint",
  `grep livepatch_cmdline /proc/kallsyms | sed 's/ [tT] / T /'
echo 2 > /proc/sys/kernel/kptr_restrict; grep -c '^0000000000000000 . cmdline_proc_show' /proc/kallsyms
sed 's/ [0-9]* / SIZE /' /proc/modules; lsmod | sed 's/ [0-9]\\{3,\\} /SIZE /'
cat /proc/sys/kernel/tainted /sys/module/test_klp_livepatch/taint`,
  `
ffffffffa0000030 T livepatch_cmdline_proc_show\t[test_klp_livepatch]
1
test_klp_livepatch SIZE 1 - Live 0x0000000000000000 (OEK)
Module                  Size  Used by
test_klp_livepatch      SIZE  1
45056
OEK
`,
);

const HITS = "awk '{print $2}' kprobe_profile";
const KPROBE = `${MODULES}/test_klp_kprobe.ko`;
const LIVEPATCH = `${MODULES}/test_klp_livepatch.ko`;
const UNLOAD = `echo 0 > /sys/kernel/livepatch/test_klp_livepatch/enabled; sleep 3; rmmod test_klp_livepatch`;

// The table of section 6.6.
captured(
  "a probe without post_handler and a livepatch, in either order: it still fires",
  `echo p:myp cmdline_proc_show > kprobe_events; echo 1 > events/kprobes/myp/enable
cat /proc/cmdline; ${HITS}
${UNLOAD}
cat /proc/cmdline > /tmp/out; ${HITS}
insmod ${LIVEPATCH}; sleep 3; cat /proc/cmdline; ${HITS}`,
  `
test_klp_livepatch: this has been live patched
1
2
test_klp_livepatch: this has been live patched
3
`,
);

captured(
  "a post_handler first: the livepatch is refused; the livepatch first: the probe stays unarmed, unlisted",
  `insmod ${KPROBE} has_post_handler=y; echo $?
cat enabled_functions /sys/kernel/debug/kprobes/list; rmmod test_klp_kprobe
${UNLOAD}
insmod ${KPROBE} has_post_handler=y; insmod ${LIVEPATCH}; echo $?; cat /sys/kernel/debug/kprobes/list
rmmod test_klp_kprobe; insmod ${LIVEPATCH}; sleep 3; cat /proc/cmdline
dmesg | grep -c 'failed to register ftrace handler for function .cmdline_proc_show. (-16)'`,
  `
0
${KLP_ONLY}
insmod: ERROR: could not insert module ${LIVEPATCH}: Device or resource busy
1
ffffffff812b1b74  k  cmdline_proc_show+0x4    [FTRACE]
test_klp_livepatch: this has been live patched
1
`,
);

captured(
  "return probes on the old and on the new function",
  `echo r:old cmdline_proc_show > kprobe_events; echo r:new livepatch_cmdline_proc_show >> kprobe_events
echo 1 > events/kprobes/enable; cat /proc/cmdline; grep -v '^#' trace
echo 0 > events/enable; echo > kprobe_events; cat enabled_functions`,
  `
test_klp_livepatch: this has been live patched
             cat-84      [001] .....    20.438809: new: (seq_read_iter+0x103/0x410 <- livepatch_cmdline_proc_show)
             cat-84      [001] .....    20.438809: old: (seq_read_iter+0x103/0x410 <- cmdline_proc_show)
${KLP_ONLY}
`,
);

captured(
  "a stack through a patched function has the new one, not the old",
  `echo 'livepatch_cmdline_proc_show:stacktrace' > set_ftrace_filter
cat /proc/cmdline > /tmp/out; grep cmdline trace`,
  `
 => livepatch_cmdline_proc_show
`,
);

captured(
  "tracing_on, set_ftrace_pid, current_tracer while a reader of trace_pipe is there, an unknown tracer",
  `cat tracing_on set_ftrace_pid; echo 0 > tracing_on; cat tracing_on
cat trace_pipe & sleep 0.1; echo function > current_tracer; kill $!; wait
echo what > current_tracer; cat current_tracer`,
  `
1
no pid
0
/tmp/script: line 3: echo: write error: Device or resource busy
/tmp/script: line 4: echo: write error: Invalid argument
nop
`,
);

captured(
  "trace_options and options/: the columns of function_graph",
  `grep '^[a-z]*funcgraph-' trace_options | grep -v overrun | sort
for o in cpu duration overhead irqs proc abstime tail retval args; do cat options/funcgraph-$o; done | tr '\\n' ' '; echo
echo nofuncgraph-cpu > trace_options; cat options/funcgraph-cpu; echo 1 > options/funcgraph-tail; grep tail trace_options`,
  `
funcgraph-cpu
funcgraph-duration
funcgraph-irqs
funcgraph-overhead
nofuncgraph-abstime
nofuncgraph-args
nofuncgraph-proc
nofuncgraph-retval
nofuncgraph-tail
1 1 1 1 0 0 0 0 0 
0
funcgraph-tail
`,
);

captured(
  "a task whose name was not recorded",
  `echo cmdline_proc_show > set_ftrace_filter; echo function > current_tracer
echo norecord-cmd > trace_options; cat /proc/cmdline > /tmp/out; grep -v '^#' trace`,
  `
           <...>-59      [001] ...1.     6.262306: cmdline_proc_show <-seq_read_iter
`,
);

// Functions that ours has between Linux's are left out.
captured(
  "/proc/PID/stack of a task that sleeps in a module's file, and of a kthread; /proc/PID/patch_state",
  `insmod /lib/modules/$(uname -r)/kernel/slow_target.ko
cat /proc/slow_intr > /tmp/out & sleep 0.1
grep -E 'msleep|slow|seq_read_iter|vfs_read|ksys_read|do_syscall_64|entry_' /proc/$!/stack
tail -3 /proc/3/stack; cat /proc/$!/patch_state; disown; kill -9 $!; stat -c %A /proc/1/patch_state /proc/1/stack
su nobody -s /bin/sh -c 'cat /proc/1/patch_state /proc/1/stack'`,
  `
[<0>] msleep_interruptible+0x43/0x80
[<0>] slow_intr_show+0x26/0x90 [slow_target]
[<0>] seq_read_iter+0x103/0x410
[<0>] vfs_read+0x1d5/0x290
[<0>] ksys_read+0x5e/0xd0
[<0>] do_syscall_64+0x6c/0x320
[<0>] entry_SYSCALL_64_after_hwframe+0x4b/0x53
[<0>] kthread+0x43/0x80
[<0>] ret_from_fork+0x43/0x80
[<0>] ret_from_fork_asm+0x43/0x80
-1
-r--------
-r--------
cat: /proc/1/patch_state: Permission denied
cat: /proc/1/stack: Permission denied
`,
);

captured(
  "kallsyms and modules without the right to see addresses; the configuration",
  `su nobody -s /bin/sh -c 'grep -h livepatch_cmdline /proc/kallsyms; cut -d" " -f1,3- /proc/modules' | sed 's/ [tT] / T /'
grep -E 'CONFIG_(HAVE_)?LIVEPATCH' /boot/config-$(uname -r)`,
  `
0000000000000000 T livepatch_cmdline_proc_show\t[test_klp_livepatch]
test_klp_livepatch 1 - Live 0x0000000000000000 (OEK)
CONFIG_HAVE_LIVEPATCH=y
CONFIG_LIVEPATCH=y
`,
);

/** A path of the contract's, with a real event, task, module and release in it. */
const REAL = (name: string): string =>
  (name.startsWith("/") ? name : `/sys/kernel/tracing/${name}`)
    .replace("EVENT", "myp")
    .replace("PID", "1")
    .replace("MODULE", "test_klp_livepatch")
    .replace("RELEASE", "7.3.4-patchbay");

test("every file that section 6 names is there, and compared above", async () => {
  const all = scripts.join("\n");
  for (const name of CONTRACT) {
    const pattern = name
      .replace("EVENT", "myp")
      .replace(/^\/proc\/PID/, "/proc/(\\$!|\\d+)")
      .replace("MODULE", "test_klp_livepatch")
      .replace("RELEASE", "\\$\\(uname -r\\)");
    expect(all).toMatch(new RegExp(`(^|[\\s/;])${pattern}(?![\\w-])`, "m"));
  }
  await inMachine(async (guest) => {
    await guest.run(`insmod ${MODULES}/test_klp_livepatch.ko`);
    await guest.write("/sys/kernel/tracing/kprobe_events", "p:myp vfs_read\n");
    for (const name of CONTRACT) {
      expect([name, await guest.run(`ls -d ${REAL(name)}`)]).toEqual([
        name,
        { status: 0, text: `${REAL(name)}\n` },
      ]);
    }
  });
});

test("tracefs has no other file than those, and the ones that are listed with where they are tested", async () => {
  await inMachine(async (guest) => {
    await guest.write("/sys/kernel/tracing/kprobe_events", "p:myp vfs_read\n");
    for (const root of ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]) {
      const { text } = await guest.run(`find ${root} -type f`);
      const names = text
        .trim()
        .split("\n")
        .map((path) => path.slice(root.length + 1).replace("kprobes/myp", "kprobes/EVENT"));
      const known = (name: string) =>
        CONTRACT.includes(name) || name.startsWith("options/") || Object.hasOwn(NOT_IN_CONTRACT, name);
      expect(names.filter((name) => !known(name))).toEqual([]);
      expect(Object.keys(NOT_IN_CONTRACT).filter((name) => !names.includes(name))).toEqual([]);
    }
  });
});
