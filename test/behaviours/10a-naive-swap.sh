# Without the consistency model a reader sees a mix: 5 euro become 5 cent.
# boot: klp.model=immediate
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe fee_target
try cat /proc/fee
cat /proc/fee > mixed.txt &
sleep 0.05
try modprobe fee_patch
try cat '$klp/fee_patch/transition'
wait
try cat mixed.txt
try cat /proc/fee
