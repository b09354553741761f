# What stays behind: the taint, decoded, also after a refusal and after rmmod.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
try cat /proc/sys/kernel/tainted
try modprobe livepatch_callbacks refuse=Y
try cat /proc/sys/kernel/tainted
for bit in 12:O 13:E 15:K; do
  echo "${bit#*:}: $(( ($(cat /proc/sys/kernel/tainted) >> ${bit%:*}) & 1 ))"
done
modprobe livepatch_sample
try cat /sys/module/livepatch_sample/taint
echo 0 > $klp/livepatch_sample/enabled; sleep 0.1
try rmmod livepatch_sample
try cat /proc/sys/kernel/tainted
log taint
