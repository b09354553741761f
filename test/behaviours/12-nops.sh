# A function that the new cumulative patch dropped goes back to the original, by a temporary entry.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=600000
modprobe livepatch_sample
cat /proc/slow_intr > /dev/null &
sleep 1
modprobe slow_patch which=2 replace=1
try ls '$klp/slow_patch $klp/slow_patch/vmlinux'
try cat /proc/cmdline
try cat '$klp/livepatch_sample/enabled'
sleep 20
try ls '$klp $klp/slow_patch'
