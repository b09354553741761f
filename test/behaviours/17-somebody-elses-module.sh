# A failing pre_patch refuses a module that has nothing to do with it.
try() { echo "# $*"; eval "$*"; }
klp=/sys/kernel/livepatch
log() {
  dmesg | while read -r line; do
    case $line in *$1*) echo "${line#*] }" ;; esac
  done
}
cd /usr/lib/selftests/livepatch/test_modules
insmod test_klp_callbacks_demo.ko
try 'echo -19 > /sys/module/test_klp_callbacks_demo/parameters/pre_patch_ret'
try insmod test_klp_callbacks_mod.ko
try cat '$klp/test_klp_callbacks_demo/enabled'
log livepatch: | tail -n 3
