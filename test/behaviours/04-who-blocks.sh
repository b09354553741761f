# The culprit is the task whose patch_state is not the goal; its stack names the function.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
modprobe slow_target ms=20000
cat /proc/slow_nested > /dev/null &
sleep 1
modprobe slow_patch which=8
for state in /proc/[0-9]*/patch_state; do
  [ "$(cat $state)" = 1 ] && continue
  dir=${state%/patch_state}
  echo "$(cat $dir/comm): patch_state $(cat $state)"
  while read -r frame; do echo "${frame%%+*}"; done < $dir/stack
done
