# An uninterruptible sleeper and a kthread are not helped by the signals.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
cd /usr/lib/selftests/livepatch/test_modules
modprobe slow_target ms=600000
cat /proc/slow_unint > /dev/null &
insmod test_klp_callbacks_busy.ko block_transition=Y
sleep 1
modprobe slow_patch which=4
sleep 40
try cat '$klp/slow_patch/transition'
echo 0 > $klp/slow_patch/enabled; sleep 2
insmod test_klp_callbacks_demo.ko
sleep 40
try cat '$klp/test_klp_callbacks_demo/transition'
try 'echo N > /sys/module/test_klp_callbacks_busy/parameters/block_transition'
sleep 2
try cat '$klp/test_klp_callbacks_demo/transition'
dmesg | grep -c 'signaling remaining tasks'
