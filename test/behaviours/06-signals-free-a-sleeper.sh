# After 15 attempts an interruptible sleeper is woken, restarts its call and gets the new text.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
modprobe slow_target ms=600000
cat /proc/slow_intr > out.txt &
sleep 1
try modprobe slow_patch which=2
sleep 10
try cat '$klp/slow_patch/transition'
sleep 10
try cat '$klp/slow_patch/transition'
try cat out.txt
log livepatch:
