# With it never: the function that joins the two is on the stack and in the patch.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe fee_target
cat /proc/fee > reader.txt &
sleep 0.05
try modprobe fee_patch
try cat '$klp/fee_patch/transition'
wait
try cat reader.txt
sleep 2
try cat '$klp/fee_patch/transition'
try cat /proc/fee
