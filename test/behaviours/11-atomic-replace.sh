# One patch takes the place of three; their directories vanish.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
cd /usr/lib/selftests/livepatch/test_modules
insmod test_klp_livepatch.ko; insmod test_klp_syscall.ko; insmod test_klp_callbacks_demo.ko
try ls $klp
try insmod test_klp_atomic_replace.ko replace=1
sleep 0.1
try ls $klp
try cat /proc/cmdline
try cat /proc/meminfo
try rmmod test_klp_callbacks_demo test_klp_syscall test_klp_livepatch
try "cut -d ' ' -f 1 /proc/modules"
