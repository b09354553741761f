/** Everyday work in a shell, and a livepatch; its output does not depend on when it runs. */

export const SMOKE = `
cd /tmp && rm -rf smoke && mkdir smoke && cd smoke
for i in 3 1 2; do echo "line $i"; done | sort > sorted
cat sorted | while read -r word n; do echo "$n: $word"; done
(sleep 0.2; echo late) & wait; echo early
x=$(wc -l < sorted); echo "$((x * 14)) \${x}"
cat <<END | tr a-z A-Z
here $x
END
ls; test -d /proc/self && echo proc; false || echo "status $?"
grep -c MemTotal /proc/meminfo
grep -c . /proc/cmdline; uname -r; kill -0 1 && echo alive
{ sh -c 'kill -TERM $$'; } 2> /dev/null; echo "killed: $?"
cat /no/such/file; echo "status $?"
insmod /usr/lib/selftests/livepatch/test_modules/test_klp_atomic_replace.ko replace=1
sleep 3; cat /sys/kernel/livepatch/test_klp_atomic_replace/enabled
head -1 /proc/meminfo
echo 0 > /sys/kernel/livepatch/test_klp_atomic_replace/enabled; sleep 3
rmmod test_klp_atomic_replace; grep -c MemTotal /proc/meminfo
`;

export const SMOKE_SAYS = `1: line
2: line
3: line
late
early
42 3
HERE 3
sorted
proc
status 1
1
1
7.3.4-patchbay
alive
killed: 143
cat: /no/such/file: No such file or directory
status 1
1
test_klp_atomic_replace: this has been live patched
1
`;
