# One task still runs the old function while another already runs the new one.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=5000
cat /proc/slow_unint > old.txt &
reader=$!
sleep 1
try modprobe slow_patch which=5
try cat '/proc/$reader/patch_state /proc/self/patch_state'
try cat /proc/slow_plain
echo '# (the sleeper wakes)'; wait $reader
try cat old.txt
sleep 2
try cat /proc/self/patch_state
try cat /proc/slow_unint
