# What a user does with a makefile; test/tools/make.test.ts runs it in the
# machine. expected.txt is what GNU Make 4.3 prints for it on this computer:
#   cd $(mktemp -d) && cp HERE/* . && bash run.sh > HERE/expected.txt 2>&1
m() { echo "== $*"; make -f t.mk "$@" 2>&1 | sed "s#$PWD#HERE#"; echo "status ${PIPESTATUS[0]}"; }
echo 1 > a.c; echo 2 > b.c; touch x.h
m; m; sleep 0.05; touch x.h; m; m fail; m -k fail fn; m nocmd; m multi; m need; sleep 0.05; touch x.h; m -n
m clean; m clean; m tv; m sm; m sm -s; m nope; m -C /nonexist
mkdir empty; cd empty; make; echo $?; cd ..
m -s clean; m -s clean; m C=9 -B prog; m -q prog; sleep 0.05; touch a.c; m -q prog
printf 'x\n' > bad.mk; make -f bad.mk
printf 'ifeq (a,b)\n' > bad.mk; make -f bad.mk
printf '$(error oh no)\n' > bad.mk; make -f bad.mk
printf 'all:\n\t@kill -9 $$$$\n' > bad.mk; make -f bad.mk
printf 'include nofile\nall:\n' > bad.mk; make -f bad.mk; make -f nofile; make -f nofile all
printf 'all:\n        echo hi\n' > bad.mk; make -f bad.mk; printf 'all\n' > bad.mk; make -f bad.mk
printf 'ifeq (\nendif\n' > bad.mk; make -f bad.mk; printf 'endif\n' > bad.mk; make -f bad.mk
printf 'ifeq (a,a)\nelse\nelse\nendif\n' > bad.mk; make -f bad.mk; printf '\techo hi\n' > bad.mk; make -f bad.mk
printf 'all: b\nb: c\nc: d\n' > bad.mk; make -f bad.mk; make -k -f bad.mk; printf 'x = $(x)\nall:\n\techo $(x)\n' > bad.mk; make -f bad.mk
printf 'a: b\n\t@echo a\nb: a\n\t@echo b\n' > bad.mk; make -f bad.mk; printf 'all: ; @exit 3\n' > bad.mk; make -f bad.mk
printf 'all: ; @nosuch x\n' > bad.mk; make -f bad.mk; printf 'all: ; -@false\n\t@echo on\n' > bad.mk; make -f bad.mk
printf 'all: %%.o\n' > bad.mk; make -f bad.mk; printf '$(warning careful)$(info told)\nall: ; @:\n' > bad.mk; make -f bad.mk
printf "x := \$(wordlist 0,1,a)\nall: ;\n" > bad.mk; make -f bad.mk; printf "x := \$(word z,a)\nall: ;\n" > bad.mk; make -f bad.mk
printf 'x := $(call)\nall: ; @echo $(word 0,a b)\n' > bad.mk; make -f bad.mk; printf 'x := $(foo\nall: ;\n' > bad.mk; make -f bad.mk
for bad in -z --bogus -f; do make $bad 2>&1 | head -1; make $bad > /dev/null 2>&1; echo $?; done
