# A second patch while one is in transition: busy, and nothing in the log.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=600000
cat /proc/slow_unint > /dev/null &
sleep 1
modprobe slow_patch which=4
dmesg -C
try modprobe livepatch_sample
try dmesg
try ls $klp
