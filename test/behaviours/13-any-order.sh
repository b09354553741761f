# Two patches on one function, disabled in any order.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
cd /usr/lib/selftests/livepatch/test_modules
modprobe livepatch_sample; insmod test_klp_livepatch.ko
try cat '$klp/livepatch_sample/stack_order $klp/test_klp_livepatch/stack_order'
try cat /proc/cmdline
try 'echo 0 > $klp/livepatch_sample/enabled'
sleep 0.1
try cat '$klp/test_klp_livepatch/stack_order'
try cat /proc/cmdline
try 'echo 0 > $klp/test_klp_livepatch/enabled'
try cat /proc/cmdline
