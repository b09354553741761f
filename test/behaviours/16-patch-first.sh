# The patch is there before its target: the first call is already the new one.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
try modprobe slow_patch which=1
try cat '$klp/slow_patch/slow_target/patched'
try modprobe slow_target
try cat '$klp/slow_patch/slow_target/patched'
try cat /proc/slow_plain
log livepatch:
