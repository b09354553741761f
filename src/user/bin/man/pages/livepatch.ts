// livepatch.ts - livepatch(7), ftrace(7), patchbay(7): how things work.

import type { Page } from "../format.ts";

const livepatch: Page = {
  name: "livepatch",
  section: 7,
  brief: "changing functions of a running kernel",
  text: `
# DESCRIPTION
A live patch is a kernel module that brings new versions of functions. When it is loaded, calls of the old functions are led to
the new ones, one task after another, and no task ever sees both at once. **kpatch-build**(1) makes such a module from a diff,
**kpatch**(1) loads it.

# THE TRANSITION
Loading begins a transition. Each task has a patch state, shown in _/proc/PID/patch_state_: -1 outside of a transition, 0 when
it still uses the old functions, 1 when it uses the new. A task switches

@ asleep
when no function that changes is on its stack. This is tried at once and then every second.

@ on return
to user space, when its system call is over.

@ idle
in the idle loop.

@ by force
when 1 is written to _force_. Then nothing is promised: a task may run old and new code at once, and the patch can never be
removed.

A task that sleeps in an old function holds the transition up. **cat /proc/PID/stack** shows where it sleeps. Every 15 seconds
the tasks that are left get a fake signal, which ends sleeps that signals can end; **kpatch signal** asks for it where a kernel
leaves it to the user.

# FILES
@ /sys/kernel/livepatch/PATCH/enabled
1 when the patch is on. Writing 0 begins the way back; in a transition it turns the transition round.

@ /sys/kernel/livepatch/PATCH/transition
1 while tasks are being moved.

@ /sys/kernel/livepatch/PATCH/force
Writing 1 ends the transition by force.

@ /sys/kernel/livepatch/PATCH/replace
1 when the patch replaced all patches before it.

@ /sys/kernel/livepatch/PATCH/stack_order
Its place among the patches: 1 was loaded first.

@ /sys/kernel/livepatch/PATCH/OBJECT/patched
1 when this object (vmlinux, or a module) is there and patched.

@ /sys/kernel/livepatch/PATCH/OBJECT/FUNCTION,SYMPOS
One directory for each function.

# RULES FOR PATCHES
A patch may change bodies of functions, add functions, variables and strings. It may not change the layout or the initial value
of data that exists already, the arguments of a function others call, or code that has run at boot. **kpatch-build** refuses what
it sees of that, and says why. Shadow variables attach new data to old objects; callbacks run before and after a patch takes
hold.

# EXAMPLE
    cd /usr/src/linux
    cp fs/proc/meminfo.ts /tmp/meminfo.ts
    nano fs/proc/meminfo.ts
    diff -u /tmp/meminfo.ts fs/proc/meminfo.ts --label a/fs/proc/meminfo.ts --label b/fs/proc/meminfo.ts > ~/my.patch
    cp /tmp/meminfo.ts fs/proc/meminfo.ts
    cd; kpatch-build my.patch && kpatch load livepatch-my.ko

# SEE ALSO
kpatch(1), kpatch-build(1), klp-build(1), ftrace(7), insmod(8)`,
};

const ftrace: Page = {
  name: "ftrace",
  section: 7,
  brief: "tracing functions of the kernel",
  text: `
# DESCRIPTION
Every function of the kernel that can be traced has a site through which it is called. A tracer attaches there; so does a live
patch. The files are in _/sys/kernel/tracing_.

@ available_filter_functions
The functions that can be traced.

@ set_ftrace_filter
Functions to trace, all of them when it is empty. Tab completes their names: **echo meminfo_proc_show > set_ftrace_filter**.

@ set_graph_function
Where the graph begins.

@ current_tracer
**nop**, **function** or **function_graph**.

@ tracing_on
0 stops, 1 goes on.

@ trace
What was recorded. Writing empties it.

@ trace_pipe
The same, taken out as it is read; waits for more.

@ kprobe_events
Probes at functions: **echo 'p:name function' > kprobe_events**.

# EXAMPLE
    cd /sys/kernel/tracing
    echo meminfo_proc_show > set_graph_function
    echo function_graph > current_tracer
    cat /proc/meminfo > /dev/null
    less trace

# SEE ALSO
trace-cmd(1), livepatch(7)`,
};

const patchbay: Page = {
  name: "patchbay",
  section: 7,
  brief: "what this machine is",
  text: `
# DESCRIPTION
Patchbay is a small kernel with Linux's names, files and messages, made to be patched while it runs. It runs in a web page or in
Node; its source is in _/usr/src/linux_. Programs are tasks that make system calls; a task that waits sleeps in the kernel, in
the function you see in _/proc/PID/stack_.

# WHERE TO BEGIN
    cat ~/meminfo-string.patch       a patch
    kpatch-build meminfo-string.patch
    kpatch load livepatch-meminfo-string.ko
    kpatch list; dmesg | tail
    grep -i chunk /proc/meminfo
    kpatch unload livepatch-meminfo-string

Editors are nano(1) and vi(1), the pager is less(1). **man -k WORD** searches this manual.

# SEE ALSO
livepatch(7), kpatch(1), kpatch-build(1), ftrace(7)`,
};

export const concepts: Page[] = [livepatch, ftrace, patchbay];
