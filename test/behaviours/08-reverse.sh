# A stuck transition is reversed within about a second, in both directions.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=600000
cat /proc/slow_unint > /dev/null &
sleep 1
modprobe slow_patch which=5
try cat /proc/slow_plain
try 'echo 0 > $klp/slow_patch/enabled'
try cat /proc/slow_plain
try 'echo 1 > $klp/slow_patch/enabled'
try cat /proc/slow_plain
try 'echo 0 > $klp/slow_patch/enabled'
sleep 1.8
try ls $klp
try cat /proc/slow_plain
sleep 0.1
try rmmod slow_patch
