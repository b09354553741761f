#### ( ) in the background is the job itself
(echo $BASH_SUBSHELL; [ $BASHPID = $$ ] && echo same) & wait $!; echo $?
(echo $BASHPID > own; exit 3) > out & p=$!; wait $p; echo $?; [ $p = $(cat own) ] && echo one
(cd /; exec sleep 1000) & kill $!; wait $! 2>/dev/null; echo $?
(while :; do sleep 0.01; echo >> beats; done) & p=$!; sleep 0.1; kill $p; wait $p 2>/dev/null; rm -f beats; sleep 0.1; ls beats 2>/dev/null
((echo $BASH_SUBSHELL); (echo deep $BASH_SUBSHELL)) & wait
#### ( ) in the background: traps, set -e, loops
(trap 'echo bye' EXIT; exit 4) & wait $!; echo $?
(set -e; false; echo no) & wait $!; echo $?
for i in 1 2; do (break; echo z $i) & wait $!; done 2>/dev/null
f() (echo in $BASH_SUBSHELL); f & wait
trap 'echo T' USR1; (sleep 0.1; kill -USR1 $$) & sleep 5 & wait -n %+; echo $?; kill %+
#### ( ) in a pipe is the stage itself
echo x | (read a; echo $a $BASH_SUBSHELL; exit 5); echo $?
(trap 'echo bye' EXIT; exit 4) | cat; echo ${PIPESTATUS[@]}
(echo $BASH_SUBSHELL) 2>&1 | cat; f() (echo in $BASH_SUBSHELL); f | cat
set -o pipefail; (exit 7) | cat; echo $?
#### the ERR trap hears of a ( ) at a pipe's end, and of the pipe
trap 'echo err $BASH_SUBSHELL' ERR
(false) | cat; (true; false) 2>&1 | cat; cat /dev/null | (exit 3); echo $?
cat /dev/null | { false; }; if cat /dev/null | (false); then :; fi; ! cat /dev/null | (true)
#### ! in the background
! false & wait $!; echo $?; ! (exit 3) & wait $!; echo $?; ! true | false & wait $!; echo $?
