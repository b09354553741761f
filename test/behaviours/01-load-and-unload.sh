# /proc/cmdline changes under your hands, and changes back.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
try cat /proc/cmdline
try modprobe livepatch_sample
try cat /proc/cmdline
try 'echo 0 > $klp/livepatch_sample/enabled'
try cat /proc/cmdline
sleep 0.1
try rmmod livepatch_sample
try cat /proc/cmdline
