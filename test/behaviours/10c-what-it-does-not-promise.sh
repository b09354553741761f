# When the joining function is not in the patch, Linux may switch a task between the two calls.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
echo 'fee_show() sleeps between fee_amount() and fee_print(), and only those two are patched.'
echo 'Neither is on the stack of the sleeper, so the stack check lets it switch: old, then new.'
modprobe fee_target
cat /proc/fee > reader.txt &
sleep 0.05
try modprobe fee_patch joined=N
try cat '$klp/fee_patch/transition'
wait
try cat reader.txt
