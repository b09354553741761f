# A newer version of a state may take over; an older one is refused. Disabling restores the value.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
cd /usr/lib/selftests/livepatch/test_modules
level() { cut -f 1 /proc/sys/kernel/printk; }
try level
try insmod test_klp_state.ko
try level
try insmod test_klp_state2.ko
try ls $klp
try insmod test_klp_state.ko
sleep 0.1; rmmod test_klp_state
try insmod test_klp_state.ko
log compatible
try 'echo 0 > $klp/test_klp_state2/enabled'
try level
