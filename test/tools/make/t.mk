A := one two
B = $(A) three
C ?= dflt
C += more
objs := a.o b.o
all: prog sub
	@echo all done $(B)
prog: $(objs)
	@echo LINK $@ from $^ newer $?
	@cat $^ > $@
%.o: %.c
	@echo "CC $< -> $@ stem $*"
	cp $< $@
a.o: x.h
sub: ; @echo sub $(words $(A)) $(patsubst %.o,%.c,$(objs)) $(objs:.o=.d) $(if $(Z),z,noz) $(foreach x,$(A),[$x]) $(shell echo hi; echo there)
ifeq ($(C),dflt more)
$(info C is right)
else ifdef Q
$(info Q)
else
$(info C is given)
endif
fail:
	@echo before
	-false
	@exit 3
	@echo never
nocmd:
	foo_no_such --x
multi:
	@for i in 1 2; do \
	  echo $$i; \
	done
join2 = $(1)-$(2)
fn:
	@echo $(call join2,x,y) $(subst a,b,banana) $(filter %.o,a.o b.c) $(filter-out %.o,a.o b.c) $(sort c b a b)
	@echo $(notdir x/y/z.c) $(dir x/y z) $(basename a.b.c) $(suffix a.b) $(addprefix p/,a b) $(join a b,1 2)
	@echo $(wildcard *.c) $(origin A) $(origin HOME) $(firstword $(A)) $(lastword $(A)) $(word 2,$(A))
	@echo $(or ,x) $(and a,b) $(notdir $(abspath ../k)) $(strip  a   b ) $(flavor B) $(flavor A)
.PHONY: all sub fail nocmd multi fn clean
clean: ; rm -f *.o prog
need: missing.x
tv: W := 5
tv:
	@echo $(W) $(MAKELEVEL) $(V)
sm:
	$(MAKE) -f t.mk tv V=1
