# A kprobe with a post_handler owns the function: the livepatch is refused. Without one they coexist.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
cd /usr/lib/selftests/livepatch/test_modules
try insmod test_klp_kprobe.ko has_post_handler=y
try insmod test_klp_livepatch.ko
dmesg | while read -r line; do
  case $line in *'failed to register'*) echo "${line#*] }" ;; esac
done
try rmmod test_klp_kprobe
try insmod test_klp_kprobe.ko has_post_handler=n
try insmod test_klp_livepatch.ko
try cat /proc/cmdline
while read -r name count r i m rest; do echo "$name $count $r $i $m"; done < /sys/kernel/tracing/enabled_functions
