# The patched function appears among the enabled functions, and touched_functions remembers.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
cd /sys/kernel/tracing
plain() { while read -r a b c d rest; do echo "$a $b $c $d"; done < $1; }
try cat enabled_functions
modprobe livepatch_sample
try plain enabled_functions
echo 0 > $klp/livepatch_sample/enabled; sleep 0.1
try cat enabled_functions
try plain touched_functions
