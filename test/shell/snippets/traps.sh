#### DEBUG sees simple commands, loops and case
trap 'echo "[$BASH_COMMAND]"' DEBUG
for i in 1 2; do : $i; done
case x in x) : c;; esac
(( 1 + 1 ))
[[ a == a ]]
#### DEBUG stays out of functions
trap 'echo "D $LINENO"' DEBUG
f() {
  : one
  : two
}
f
trap - DEBUG
#### set -T takes DEBUG into functions
set -T
trap 'echo "D $BASH_COMMAND"' DEBUG
f() { : one; }
f
trap - DEBUG
#### extdebug leaves a command out
shopt -s extdebug
trap '[[ $BASH_COMMAND != *secret* ]]' DEBUG
echo open; echo secret; echo end
#### DEBUG once per stage of a pipeline
trap 'echo "D $LINENO" >&2' DEBUG
echo a | cat | cat
#### set -e ends the shell from within a DEBUG trap
set -e
t() { return 3; }
trap t DEBUG
echo never
#### RETURN of a function that sets it
f() { trap 'echo "ret $?"' RETURN; echo body; return 4; }
f; echo $?
#### RETURN after a sourced file
echo 'echo sourced; return 3' > s
trap 'echo "back $?"' RETURN
. ./s; echo $?
#### ERR is not for functions, unless set -E
trap 'echo "err $?"' ERR
f() { false; true; }
f
set -E
f
#### ERR of a function's own
f() { trap 'echo own' ERR; false; true; }
f; false
#### ERR in a pipeline
trap 'echo "err ${PIPESTATUS[@]}"' ERR
true | false; false | true
set -o pipefail
false | true
#### exit in a trap keeps the status before it
trap 'false; exit' EXIT
(exit 7)
#### return in a trap keeps the status before it
f() { kill -USR1 $$; (exit 5); return 9; }
trap 'true; return' USR1
(exit 3)
f; echo $?
#### EXIT runs when a signal ends the shell
bash -c 'trap "echo bye" EXIT; kill -TERM $$; echo no' 2>/dev/null; echo $?
#### EXIT and SIGINT
bash -c 'trap "echo bye" EXIT; kill -INT $$; echo no'; echo $?
#### trap -p in the order asked for
trap 'echo "a" '"'b'" INT TERM
trap '' HUP
trap -p TERM HUP; trap -p NOSUCH; echo $?
#### lines in a signal trap count from its beginning
trap 'echo line $LINENO' USR1

kill -USR1 $$
#### a signal ignored at the start cannot be trapped
trap '' INT
bash -c 'trap "echo caught" INT; kill -INT $$; echo on; trap -p'
#### kill -l with numbers, names and statuses
kill -l 9 KILL 143 SIGUSR1; kill -l 0; kill -l RTMIN+2 35; kill -l 99
#### kill -l, all of them
kill -l
#### wait gives a status again
(exit 5) & p=$!
wait $p; echo $?; wait $p; echo $?
#### wait -n -p
{ sleep 0.02; exit 3; } & a=$!
wait -n -p v; echo $? $((v == a)); wait -n -p v; echo $? ${v-none}
#### jobs shows commands laid out
{ sleep 0.1; echo hi; } & (sleep 0.1) & for i in 1; do sleep 0.1; done &
f() { sleep 0.1; }; f & x=1 sleep 0.1 >/dev/null 2>&1 & sleep 0.1 | cat &
jobs; wait
#### a function called in the last command of a subshell runs to its end
f() { /bin/echo a; /bin/echo b; }
(f); f | cat
#### functions are printed laid out
f() { if a; then b; elif c; then d; else e; fi; while x; do y; done > z; for i in 1 "2 3"; do echo $i; done; case $1 in a|b) p;; *) q;& esac; [[ -n $x && ( $y == z || ! -e w ) ]]; ((i++)); { g; h; }; (s; t) & u | v |& w 2>&1 && k || ! l; x=1 cmd a 2>e <in >>o; }
declare -f f; type f
#### a function with a here-document is printed
f() {
  cat <<EOF > out
line $x
EOF
  echo after
}
declare -f f
#### functions within functions, select, arithmetic for, time
f() { g() { echo inner; }; for ((i=0;i<3;i++)); do echo $i; done; select s in a b; do break; done; time -p sleep 1; until false; do :; done; coproc cat; }
declare -f f
#### BASH_COMMAND in traps
trap 'echo "Z $BASH_COMMAND"; f; echo z' USR1; f() { echo "f $BASH_COMMAND"; }; kill -USR1 $$; trap 'echo "E $BASH_COMMAND"' ERR; false; (exit 3)
#### DEBUG within other traps
trap 'echo "D $BASH_COMMAND"' DEBUG; trap 'echo e; false' ERR; false; set -T; trap 'echo r' RETURN; f() { return 2; }; f
#### ERR under a negation
trap 'echo E' ERR; ! { false; echo a; }; ! false; ! (false; echo b); set -E; f() { false; echo c; }; ! f; echo $?
#### set -e within a negated function
f() { set -e; false; echo no; }; ! f; echo no
#### set -e around a negation
set -e; f() { false; echo a; }; ! f; ! { false; echo b; }; echo end
#### wait -n, signals and what is gone
sleep 0.1 & wait -n; echo $?; wait -n %7; echo $?; wait -n; echo $?; trap 'echo T' USR1; (sleep 0.1; kill -USR1 $$) & sleep 9 & wait -n %+; echo $?; { kill $!; wait; } 2>/dev/null; %1; echo $?; %1 & echo $?
