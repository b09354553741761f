# A leak is fixed for new objects by a field that their struct does not have.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
modprobe livepatch_shadow_mod
for i in 1 2 3 4; do cat /proc/shadow_dummies; done
try modprobe livepatch_shadow_fix1
for i in 1 2 3 4; do cat /proc/shadow_dummies; done
try modprobe livepatch_shadow_fix2
for i in 1 2 3; do cat /proc/shadow_dummies; done
echo 0 > $klp/livepatch_shadow_fix2/enabled; sleep 0.1
try rmmod livepatch_shadow_fix2
log livepatch_shadow_fix1: | grep -v taint
log livepatch_shadow_fix2:
