# The target is removed under the patch and loaded again.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
modprobe slow_target; modprobe slow_patch which=1
patched=$klp/slow_patch/slow_target/patched
try cat $patched
try rmmod slow_target
try cat $patched
try modprobe slow_target
try cat $patched
try cat /proc/slow_plain
log ' module '
