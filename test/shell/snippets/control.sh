#### if
if true; then echo yes; fi; if false; then echo no; else echo else; fi
#### elif
x=2; if [ $x = 1 ]; then echo one; elif [ $x = 2 ]; then echo two; else echo many; fi
#### if status
if false; then :; fi; echo $?
#### while and until
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i
#### break levels
for a in 1 2; do for b in 1 2 3; do [ $b = 2 ] && break 2; echo $a$b; done; done; echo end
#### continue levels
for a in 1 2; do for b in 1 2; do [ $b = 1 ] && continue 2; echo $a$b; done; done; echo end
#### for without in
set -- a b; for x; do echo $x; done
#### for over empty
for x in; do echo never; done; echo $?
#### and or
true && echo a || echo b; false && echo a || echo b; false || false || echo c
#### not
! true; echo $?; ! false; echo $?; ! (exit 5); echo $?
#### group
{ echo a; echo b; } | tr ab xy
#### subshell scope
x=1; (x=2; echo $x); echo $x; (exit 3); echo $?
#### group scope
x=1; { x=2; }; echo $x
#### functions
f() { echo "$1-$#"; return 4; }; f a b; echo $?
#### function keyword
function g { echo g; }; function h() { echo h; }; g; h
#### function locals
x=global; f() { local x=local; g; }; g() { echo $x; x=changed; }; f; echo $x
#### function recursion
fact() { if (($1<=1)); then echo 1; else echo $(($1*$(fact $(($1-1))))); fi; }; fact 10
#### function redirect
f() { echo out; echo err >&2; } 2>/dev/null; f
#### function positional restore
f() { set -- x y z; echo $#; }; set -- a; f; echo $# $1
#### return in the middle
f() { for i in 1 2 3; do [ $i = 2 ] && return 9; echo $i; done; }; f; echo $?
#### return without value
f() { false; return; }; f; echo $?
#### unset function
f() { echo f; }; unset -f f; f; echo $?
#### function named like a command
ls() { echo mine; }; ls; command -v ls
#### exit in subshell
(exit 7); echo $?; (echo a; exit 1; echo b)
#### exit in function
f() { exit 3; }; (f); echo $?
#### exit status truncation
(exit 256); echo $?; (exit -1); echo $?; (exit 300); echo $?
#### errexit
set -e; echo a; false; echo b
#### errexit exceptions
set -e; if false; then :; fi; false || true; ! true; false && true; echo still
#### errexit in function
set -e; f() { false; echo in; }; f || echo caught; f; echo never
#### errexit subshell
set -e; (false; echo no); echo never
#### errexit pipeline
set -e; false | true; echo ok; set -o pipefail; false | true; echo never
#### errexit assignment
set -e; x=$(false); echo never
#### pipefail
set -o pipefail; false | true; echo $?; true | (exit 4) | true; echo $?
#### nested loops with functions
f() { break 2>/dev/null; echo in; }; for i in 1 2; do f; echo $i; done
#### select
printf '2\n' | (select x in a b c; do echo "got $x $REPLY"; break; done)
#### eval
x='echo hi; y=5'; eval $x; eval "echo \$y"
#### eval status
eval false; echo $?; eval; echo $?; eval 'exit 3'; echo never
#### source
echo 'v=1; echo "args $@"; return 5; echo no' >s; . ./s a b; echo $? $v; source ./s; echo $?
#### source missing
. ./nosuch; echo $?
#### colon
: ${x:=5}; echo $x; : ; echo $?
#### nested functions
f() { g() { echo inner; }; }; f; g
#### dynamic scope
f() { local v=1; g; echo $v; }; g() { v=2; }; f; echo "[$v]"
#### time keyword
{ time true; } 2>&1 | sed 's/[0-9.]*s$/Ns/'
#### case in loop
for f in a.txt b.sh c; do case $f in *.txt) echo text;; *.sh) echo script;; *) echo ?;; esac; done
#### conditional operators
[[ a < b ]] && echo lt; [[ -z "" && -n x ]] && echo both; [[ ! a == b ]] && echo ne; [[ (a == b) || c == c ]] && echo or
#### conditional patterns
[[ foo == f* ]] && echo glob; [[ foo == "f*" ]] || echo literal; x='f*'; [[ foo == $x ]] && echo var; [[ foo == "$x" ]] || echo quoted
#### conditional regex
[[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}; re='^a.c'; [[ abc =~ $re ]] && echo re; [[ 'a.c' =~ a"."c ]] && echo q
#### conditional regex bad
[[ a =~ [ ]]; echo $?
#### conditional numbers
[[ 5 -gt 3 ]] && echo gt; [[ 1+1 -eq 2 ]] && echo arith; [[ 010 -eq 8 ]] && echo octal
#### conditional files
touch f; mkdir d; ln -s f l; [[ -f f && -d d && -L l && ! -e x ]] && echo ok; [[ -s f ]] || echo empty
#### conditional unquoted spaces
x='a b'; [[ $x == 'a b' ]] && echo same; [[ -n $nosuch ]] || echo unset
#### nocasematch
shopt -s nocasematch; [[ ABC == abc ]] && echo ci; case FOO in foo) echo case;; esac
#### test command
test 1 -lt 2 && echo lt; [ a = a -a b = b ] && echo and; [ ! x ] || echo x; [ "" ] || echo empty; [ -n "" -o -n a ] && echo or
#### test errors
[ 1 -eq x ]; echo $?; [ a b ]; echo $?; [ a; echo $?; test 1 2 3; echo $?
#### test parentheses
[ \( 1 = 1 \) ] && echo p; [ ! \( a = b \) ] && echo np
#### set -e and a redirection that fails
(set -e; { echo no; } < none; echo not reached); echo $?
(set -e; while read x; do :; done < none; echo not reached); echo $?
trap 'echo err' ERR; { :; } < none; if { :; } < none; then :; fi; echo end
#### set -o posix: special builtins
set -o posix
foo=bar :; echo "$foo"; env | grep ^foo=; export() { echo mine; }
echo not reached
#### set -o posix: a readonly variable ends the shell
set -o posix; readonly r=1
r=2
echo not reached
