# The order of the callbacks, and what runs when a transition is reversed.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
modprobe livepatch_callbacks
echo 0 > $klp/livepatch_callbacks/enabled; sleep 0.1; rmmod livepatch_callbacks
log livepatch | grep -v taint
try dmesg -C
cd /usr/lib/selftests/livepatch/test_modules
insmod test_klp_callbacks_busy.ko block_transition=Y
insmod test_klp_callbacks_demo.ko
echo 0 > $klp/test_klp_callbacks_demo/enabled; sleep 2
log : | grep -v busymod_work
