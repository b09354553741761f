# What a user does with a makefile; test/tools/make.test.ts runs it in the
# machine. expected.txt is what GNU Make 4.3 prints for it on this computer:
#   cd $(mktemp -d) && cp HERE/* . && bash run.sh > HERE/expected.txt 2>&1
m() { echo "== $*"; make -f t.mk "$@" 2>&1 | sed "s#$PWD#HERE#"; echo "status ${PIPESTATUS[0]}"; }
echo 1 > a.c; echo 2 > b.c; touch x.h
m; m; sleep 0.05; touch x.h; m; m fail; m -k fail fn; m nocmd; m multi; m need; sleep 0.05; touch x.h; m -n
m clean; m clean; m tv; m sm; m sm -s; m nope; m -C /nonexist
mkdir empty; cd empty; make; echo $?; cd ..
m C=9 -B prog; m -q prog; sleep 0.05; touch a.c; m -q prog
printf 'x\n' > bad.mk; make -f bad.mk
printf 'ifeq (a,b)\n' > bad.mk; make -f bad.mk
printf '$(error oh no)\n' > bad.mk; make -f bad.mk
printf 'all:\n\t@kill -9 $$$$\n' > bad.mk; make -f bad.mk
