// patching.ts - the tools that make and load patches.

import type { Page } from "../format.ts";

const kpatch: Page = {
  name: "kpatch",
  section: 1,
  brief: "load, unload and list live patches",
  text: `
# SYNOPSIS
    kpatch COMMAND [ARGS]

# DESCRIPTION
Manages patch modules, as **kpatch-build**(1) makes them. A module is named by its file, or by its name when it is installed or
loaded.

@ load MODULE
Loads a patch and waits until every task uses it. A transition that does not end in 60 seconds is turned back.

@ load --all
Loads all installed patches of this kernel; the service **kpatch** does it at boot.

@ unload MODULE
Turns a patch off, waits, and removes its module. With **--all**, all of them.

@ install MODULE
Copies a patch to _/var/lib/kpatch/RELEASE_, to be loaded at boot. **-k** names another kernel.

@ uninstall MODULE
Removes it from there.

@ info MODULE
Shows what a module says about itself.

@ list
Lists the patches that are loaded and installed. Patches still in transition are shown with the tasks that hold them up.

@ signal
Asks tasks that hold a transition up to move on.

@ version
Prints the version.

# FILES
_/var/lib/kpatch_, _/sys/kernel/livepatch_

# SEE ALSO
kpatch-build(1), livepatch(7), systemctl(1)`,
};

const kpatchBuild: Page = {
  name: "kpatch-build",
  section: 1,
  brief: "make a live patch module from a diff",
  text: `
# SYNOPSIS
    kpatch-build [OPTIONS] PATCH...

# DESCRIPTION
Builds the kernel in _/usr/src/linux_ as it is and with the patches applied (strip level 1), compares the two function by
function, and puts what changed into a module **livepatch-NAME.ko** in the current directory. What cannot be a live patch is
refused with the reason. The log is _~/.kpatch/build.log_.

@ -n, --name NAME
The name of the module, instead of livepatch- and the name of the first patch.

@ -o, --output DIR
Where the module goes.

@ -R, --non-replace
The patch is added to those loaded, instead of replacing them.

@ -s, --sourcedir DIR
Another source tree.

@ -d, --debug
Says more; can be given several times.

@ --oot-module FILE
Patches a module built outside of the tree; **--oot-module-src** names its source.

@ --no-prebuilt
Compiles even what was built together with the kernel.

# EXIT STATUS
0 when a module was built, 1 otherwise.

# EXAMPLE
    kpatch-build meminfo-string.patch
    kpatch load livepatch-meminfo-string.ko

# SEE ALSO
kpatch(1), klp-build(1), diff(1), livepatch(7)`,
};

const klpBuild: Page = {
  name: "klp-build",
  section: 1,
  brief: "make a live patch module, as the kernel's own tool does",
  text: `
# SYNOPSIS
    klp-build [OPTIONS] PATCH_FILE...

# DESCRIPTION
What **kpatch-build**(1) does, with the options and words of the script that comes with Linux since 6.18. **klp-build --help**
lists the options.

# SEE ALSO
kpatch-build(1), livepatch(7)`,
};

const make: Page = {
  name: "make",
  section: 1,
  brief: "build modules, and whatever a makefile says",
  text: `
# SYNOPSIS
    make [OPTIONS] [TARGET]...
    make -C /lib/modules/$(uname -r)/build M=$PWD modules

# DESCRIPTION
Reads _GNUmakefile_, _makefile_ or _Makefile_ and brings the targets up to date. Out-of-tree kernel modules are built as on
Linux: a makefile with **obj-m := hello.o** beside **hello.ts**, and the second form above. **make --help** lists the options.

# SEE ALSO
insmod(8), asc(1), kpatch-build(1)`,
};

const traceCmd: Page = {
  name: "trace-cmd",
  section: 1,
  brief: "record and show traces of the kernel",
  text: `
# SYNOPSIS
    trace-cmd COMMAND [OPTIONS]

# DESCRIPTION
@ record
Records into trace.dat until Ctrl-C, or while a program runs: **trace-cmd record -p function -l 'meminfo*' cat /proc/meminfo**.

@ report
Shows what a trace.dat holds.

@ stream
Shows events as they happen.

@ start
Starts tracing without recording; **stop** stops, **show** prints, **reset** cleans up.

@ list
Lists events, tracers (**-t**) or functions (**-f**).

# OPTIONS
@ -p TRACER
function or function_graph.

@ -l FUNCTION
Only these; **-n** leaves out, **-g** begins graphs there.

@ -e EVENT
An event, or a system of events.

@ -P PID
Only this task; **-F** only the program that is run.

@ -o FILE
Where record writes.

# SEE ALSO
ftrace(7), less(1)`,
};

export const patching: Page[] = [kpatch, kpatchBuild, klpBuild, make, traceCmd];
