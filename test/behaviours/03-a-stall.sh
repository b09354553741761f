# Park a task in a function, load a patch for it: the transition waits for the task.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=20000
cat /proc/slow_unint > out.txt &
sleep 1
try modprobe slow_patch which=4
for i in 1 2 3; do
  try cat '$klp/slow_patch/transition'
  sleep 6
done
sleep 6
try cat '$klp/slow_patch/transition'
try cat out.txt
