// modules.ts - modules, the log, services.

import type { Page } from "../format.ts";

const insmod: Page = {
  name: "insmod",
  section: 8,
  brief: "insert a module into the kernel",
  text: `
# SYNOPSIS
    insmod FILE [PARAMETER=VALUE]...

# DESCRIPTION
Loads the module in FILE. Why the kernel refused is in the log: see dmesg(1). A live patch is a module as any other: insmod
starts its transition and does not wait for its end.

# SEE ALSO
rmmod(8), lsmod(8), modinfo(8), modprobe(8), kpatch(1)`,
};

const rmmod: Page = {
  name: "rmmod",
  section: 8,
  brief: "remove a module from the kernel",
  text: `
# SYNOPSIS
    rmmod [-f] [-v] NAME...

# DESCRIPTION
Removes modules that nobody uses. A live patch must be turned off first, by writing 0 to its _enabled_, and its transition must
be over; until then it is in use. **kpatch unload** does all of that.

# SEE ALSO
insmod(8), kpatch(1), livepatch(7)`,
};

const lsmod: Page = {
  name: "lsmod",
  section: 8,
  brief: "show the modules in the kernel",
  text: `
# SYNOPSIS
    lsmod

# DESCRIPTION
Shows _/proc/modules_ as a table: name, size, number of users, and which modules use it.

# SEE ALSO
insmod(8), modinfo(8)`,
};

const modinfo: Page = {
  name: "modinfo",
  section: 8,
  brief: "show what a module says about itself",
  text: `
# SYNOPSIS
    modinfo [-0] [-F FIELD] FILE|NAME...

# DESCRIPTION
Prints the fields of a module file: license, description, parameters, **livepatch: Y** for a live patch, **vermagic** for the
kernel it was built for. **-a -d -l -p -n** print one field.

# SEE ALSO
insmod(8), lsmod(8)`,
};

const modprobe: Page = {
  name: "modprobe",
  section: 8,
  brief: "insert or remove an installed module and what it needs",
  text: `
# SYNOPSIS
    modprobe [-nqv] NAME [PARAMETER=VALUE]...
    modprobe -r NAME...

# DESCRIPTION
Finds NAME under _/lib/modules/RELEASE_ and inserts it after the modules it depends on. **-r** removes, **-n** only says what it
would do.

# SEE ALSO
insmod(8), rmmod(8)`,
};

const dmesg: Page = {
  name: "dmesg",
  section: 1,
  brief: "print or control the kernel's log",
  text: `
# SYNOPSIS
    dmesg [OPTIONS]

# DESCRIPTION
Prints the messages of the kernel. Those of live patching begin with **livepatch:**.

@ -w, --follow
Goes on as messages come, until Ctrl-C; **-W** leaves out those that are there.

@ -C, --clear
Empties the log; **-c** prints it first.

@ -l, --level LIST
Only these levels: emerg,alert,crit,err,warn,notice,info,debug.

@ -n, --console-level LEVEL
Which messages the console shows.

@ -T, -d, -t
Dates, differences, or no time at all.

# EXAMPLE
    dmesg -w | grep livepatch

# SEE ALSO
journalctl(1), livepatch(7)`,
};

const sysctl: Page = {
  name: "sysctl",
  section: 8,
  brief: "read and change settings of the kernel",
  text: `
# SYNOPSIS
    sysctl [-anq] [NAME[=VALUE]]...

# DESCRIPTION
The settings are the files under _/proc/sys_, with dots for slashes: **sysctl kernel.ftrace_enabled** reads
_/proc/sys/kernel/ftrace_enabled_. **-a** shows all, **-n** only values.

# SEE ALSO
livepatch(7)`,
};

const systemctl: Page = {
  name: "systemctl",
  section: 1,
  brief: "control the services of the machine",
  text: `
# SYNOPSIS
    systemctl COMMAND [UNIT]...

# DESCRIPTION
@ status
What a service does, and its last messages.

@ start, stop, restart
Starts or stops it now.

@ enable, disable
Whether it starts at boot. The service **kpatch** loads the installed live patches; **kpatch.enable=0** on the kernel's command
line keeps it from that.

@ is-active, is-enabled
Say so, and in the exit status.

**systemctl --help** lists everything.

# SEE ALSO
journalctl(1), kpatch(1)`,
};

const journalctl: Page = {
  name: "journalctl",
  section: 1,
  brief: "show the journal",
  text: `
# SYNOPSIS
    journalctl [OPTIONS]

# DESCRIPTION
Shows the messages of the services and of the kernel.

@ -u UNIT
Only of this service: **journalctl -u kpatch**.

@ -k
Only the kernel's, as dmesg(1).

@ -b
Since this boot.

@ -f
Goes on as messages come.

@ -n N
The last N.

# SEE ALSO
dmesg(1), systemctl(1)`,
};

export const administration: Page[] = [
  insmod,
  rmmod,
  lsmod,
  modinfo,
  modprobe,
  dmesg,
  sysctl,
  systemctl,
  journalctl,
];
