# Force completes a transition that is not safe; the module can then never be removed.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
modprobe slow_target ms=0
modprobe slow_patch which=4 nap=600000
cat /proc/slow_unint > /dev/null &
sleep 1
try 'echo 0 > $klp/slow_patch/enabled'
sleep 3
try cat '$klp/slow_patch/transition'
try 'echo 1 > $klp/slow_patch/force'
sleep 2
try ls $klp
try cat /proc/slow_unint
try cat /sys/module/slow_patch/refcnt
try rmmod slow_patch
log forcing
