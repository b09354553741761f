// usages.ts - the usage texts of the tools that have no options file of their own.

export const RMMOD_USAGE = `Usage:
	rmmod [options] modulename ...
Options:
	-f, --force       forces a module unload and may crash your machine
	-s, --syslog      print to syslog, not stderr
	-v, --verbose     enables more messages
	-h, --help        show this help`;

export const MODINFO_USAGE = `Usage:
	modinfo [options] filename ...
Options:
	-a, --author                print only 'author'
	-d, --description           print only 'description'
	-l, --license               print only 'license'
	-p, --parameters            print only 'parm'
	-n, --filename              print only 'filename'
	-0, --null                  end lines with NUL
	-F, --field=FIELD           print only the provided FIELD
	-h, --help                  show this help`;

export const MODPROBE_USAGE = `Usage:
	modprobe [options] [-a] modulename ...
	modprobe [options] -r modulename ...
	modprobe [options] modulename [parameter=value ...]
Options:
	-a, --all                   every argument is a module
	-r, --remove                remove modules instead of inserting
	-n, --dry-run, --show       do nothing and say what would be done
	-q, --quiet                 no words for a module that is not there
	-v, --verbose               say what is done
	    --first-time            fail if the module is there already, or gone already
	-h, --help                  show this help`;

export const LSMOD_USAGE = `Usage: lsmod

Show the modules in the kernel: name, size, how many use it, and which.`;

export const DMESG_USAGE = `Usage:
 dmesg [options]

Display or control the kernel ring buffer.

Options:
 -C, --clear                 clear the kernel ring buffer
 -c, --read-clear            read and clear all messages
 -D, --console-off           disable printing messages to console
 -E, --console-on            enable printing messages to console
 -d, --show-delta            show time delta between printed messages
 -e, --reltime               show local time and time delta in readable format
 -f, --facility <list>       restrict output to defined facilities
 -H, --human                 human readable output
 -k, --kernel                display kernel messages
 -L, --color[=<when>]        colorize messages (auto, always or never)
 -l, --level <list>          restrict output to defined levels
 -n, --console-level <level> set level of messages printed to console
 -P, --nopager               do not pipe output into a pager
 -r, --raw                   print the raw message buffer
 -S, --syslog                force to use syslog(2) rather than /dev/kmsg
 -T, --ctime                 show human-readable timestamp
 -t, --notime                don't show any timestamp with messages
 -u, --userspace             display userspace messages
 -w, --follow                wait for new messages
 -W, --follow-new            wait and print only new messages
 -x, --decode                decode facility and level to readable string
 -V, --version               display version
     --help                  display this help`;

export const SYSCTL_USAGE = `Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -h, --help           display this help`;
