# function_graph shows the new function inside the old name.
try() { echo "# $*"; eval "$*"; }
cd /sys/kernel/tracing
modprobe livepatch_sample
echo cmdline_proc_show livepatch_cmdline_proc_show > set_ftrace_filter
echo function_graph > current_tracer
try cat /proc/cmdline
echo 0 > tracing_on
while IFS= read -r line; do
  case $line in '#'*) ;; *) echo "${line#*|}" ;; esac
done < trace
