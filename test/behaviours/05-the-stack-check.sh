# What each attempt finds, task by task: the debug lines of klp_try_switch_task.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
echo 'func klp_try_switch_task +p' > /sys/kernel/debug/dynamic_debug/control
modprobe slow_target ms=3500
cat /proc/slow_unint > /dev/null &
sleep 1
modprobe slow_patch which=4
sleep 5
log livepatch: | while read -r line; do
  echo "${line/cat:*is/cat:PID is}"
done
