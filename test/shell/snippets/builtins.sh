#### cd and pwd
mkdir -p a/b; cd a/b; pwd | sed 's/.*\///'; cd ..; basename $PWD; cd -  >/dev/null; basename $PWD
#### cd failures
cd nosuch; echo $?; touch f; cd f; echo $?; cd a b; echo $?
#### cd CDPATH
mkdir -p x/y; CDPATH=x; cd y >/dev/null; basename $PWD
#### pushd popd
mkdir a b; pushd a >/dev/null; pushd ../b >/dev/null; popd >/dev/null; basename $PWD; popd >/dev/null; popd; echo $?
#### export
x=1; bash -c 'echo [$x]'; export x; bash -c 'echo [$x]'; export y=2; bash -c 'echo [$y]'; export -n x; bash -c 'echo [$x]'
#### prefix assignment
x=1 bash -c 'echo $x'; echo [$x]; x=5; x=6 eval 'echo $x'; echo $x
#### prefix assignment function
f() { echo $v; }; v=1 f; echo [$v]
#### IFS prefix
IFS=, read a b <<< '1,2'; echo $a $b; x='p,q'; printf '[%s]' $x; echo
#### readonly
readonly r=1; r=2; echo not reached
#### readonly in function
readonly r=1; f() { local r=2; echo in; }; f; echo $?
#### unset readonly
readonly r=1; unset r; echo $?
#### unset
x=1; unset x; echo [$x]; unset nosuch; echo $?; f() { :; }; unset f; type -t f; echo $?
#### declare
declare x=5; declare -u up=abc; declare -l low=ABC; echo $x $up $low; up=def; echo $up
#### declare -p missing
declare -p nosuch; echo $?
#### declare in function is local
f() { declare v=1; declare -g g=2; }; f; echo [$v] $g
#### local outside
local x=1; echo $?
#### type
type -t if cd ls nosuch; f() { :; }; type -t f; type cd; type nosuch; echo $?
#### command
command -v cd; command -v nosuch; echo $?; command echo hi; cd() { echo mine; }; command cd /; pwd
#### builtin
echo() { builtin echo wrapped "$@"; }; echo hi
#### shift
set -- 1 2 3 4; shift; echo $*; shift 2; echo $*; shift 5; echo $? $*
#### set positional
set -- a 'b c'; echo $#; set x; echo $# $1; set --; echo $#
#### set options
set -x; echo a; set +x; echo b
#### set -o
set -o noglob; echo *; set +o noglob; set -o | grep -c on
#### flags
set -u; case $- in *u*) echo u;; esac; set +u; case $- in *u*) echo u;; *) echo none;; esac
#### xtrace details
set -x; x=1; y="a b"; [ $x = 1 ]; for i in 1; do :; done; [[ $y == a* ]]; ((x++)); echo "$y" '' 'q"q'
#### verbose
bash -v -c 'echo hi'
#### getopts
f() { OPTIND=1; while getopts "ab:c" o; do echo "$o [$OPTARG]"; done; shift $((OPTIND-1)); echo rest $*; }; f -a -b val -c x y; f -abval -- -c
#### getopts errors
while getopts ":ab:" o -a -x -b; do echo "$o $OPTARG"; done
#### getopts loud
while getopts "a" o -z; do echo "got $o"; done
#### eval quoting
x='a b'; eval "y='$x'"; echo "$y"; eval echo \$x
#### hash
hash ls && echo ok; hash nosuch; echo $?
#### alias in script
shopt -s expand_aliases
alias hi='echo hello'
hi there
unalias hi
hi
#### alias trailing blank
shopt -s expand_aliases
alias run='echo ' x='expanded'
run x
#### umask
umask 022; umask; umask 077; touch f; ls -l f | cut -c1-10; umask u=rwx,g=rx,o=; umask -S
#### times format
times | wc -l
#### let and test
let 'a=2+2'; test $a -eq 4 && echo four
#### wait status
(exit 3) & wait $!; echo $?; wait; echo $?
#### wait for unknown
wait 999999; echo $?
#### kill zero
kill -0 $$ && echo alive; kill -l 15; kill -l TERM; kill -0 999999; echo $?
#### trap exit
trap 'echo bye' EXIT; echo hi
#### trap exit status
trap 'echo "status $?"' EXIT; exit 3
#### trap in subshell
trap 'echo outer' EXIT; (echo in); (trap 'echo inner' EXIT; echo in2)
#### trap signal
trap 'echo got' USR1; kill -USR1 $$; echo after
#### trap ignore
trap '' TERM; kill -TERM $$; echo survived; (kill -TERM $BASHPID; echo child survived)
#### trap reset
trap 'echo x' TERM; trap - TERM; trap -p TERM; trap 'echo y' INT TERM; trap -p
#### trap err
trap 'echo err $?' ERR; false; true; if false; then :; fi; (exit 4)
#### trap debug
trap 'echo "+ $BASH_COMMAND"' DEBUG; echo a; x=1
#### trap return
f() { echo in; }; set -T; trap 'echo ret' RETURN; f
#### trap wait
trap 'echo usr' USR1; (sleep 0.2; kill -USR1 $$) & wait $!; echo $?
#### trap kills loop
trap 'echo done; exit 5' TERM; (sleep 0.1; kill $$) & while :; do sleep 0.05; done
#### exit codes of signals
{ bash -c 'kill -TERM $$'; echo $?; bash -c 'kill -KILL $$'; echo $?; } 2>/dev/null
#### command not found
nosuchcommand; echo $?; ./nosuch; echo $?; touch noexec; ./noexec; echo $?; mkdir d; ./d; echo $?
#### script with shebang
printf '#!/bin/bash\necho script $0 $1\n' >s; chmod +x s; ./s arg
#### script without shebang
echo 'echo plain $1' >s; chmod +x s; ./s arg
#### script from stdin
printf 'read x\nfoo\necho "[$x]"\n' | bash
#### bash -c arguments
bash -c 'echo $0 $1 $#' name a b
#### bash -s
echo 'echo $1 $2' | bash -s x y
#### script error line numbers
printf 'echo a\nnosuchcmd\necho $((1/0))\necho b\n' >s; bash s; echo $?
#### script syntax error
printf 'echo a\nif true\necho b\nfi fi\n' >s; bash s; echo $?
#### syntax errors
bash -c 'echo a; )'; echo $?; bash -c 'echo "abc'; echo $?; bash -c 'if true'; echo $?; bash -c 'for'; echo $?
#### dollar dollar
[ $$ = $(echo $$) ] && echo same; [ $BASHPID = $(echo $BASHPID) ] || echo differs
#### LINENO
echo $LINENO
echo $LINENO; f() { echo $LINENO
}; f
#### FUNCNAME
f() { g; }; g() { echo ${FUNCNAME[@]}; }; f
#### caller
f() { caller; caller 0; }; f
#### SECONDS and RANDOM
[ $SECONDS -ge 0 ] && echo ok; [ $RANDOM -ge 0 ] && echo ok
#### BASH_SUBSHELL
echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL))
#### shopt query
shopt -q extglob; echo $?; shopt -s extglob; shopt extglob; shopt nosuch; echo $?
#### disown and jobs
sleep 0.1 & jobs | sed 's/ *$//'; wait; jobs
#### background pid
sleep 0 & p=$!; wait $p; echo $?; [ $p -gt 0 ] && echo pid
#### background list
(echo a; echo b) & wait; { echo c; echo d; } & wait
#### wait n
(exit 4) & wait -n; echo $?
#### exec replaces
(exec echo replaced; echo never)
#### exec missing
(exec nosuch; echo never); echo $?
#### true false
true; echo $?; false; echo $?; : a b; echo $?
#### underscore
echo a b; echo $_
#### complete word list
compgen -W 'apple apricot bee' ap; compgen -b ech
#### mapfile callback
printf '1\n2\n' | { mapfile -t -c 1 -C 'echo cb' a; echo ${a[@]}; }
#### printf time
printf '%(%Y)T\n' 0
#### read timeout
read -t 0.1 x < <(sleep 1); echo $?
#### ulimit
ulimit -n >/dev/null && echo ok
#### history off
set +o history; echo $?
#### coproc
coproc { read x; echo "got $x"; }; echo hi >&${COPROC[1]}; read y <&${COPROC[0]}; echo $y
#### unset function then variable
x=1; x() { :; }; unset -v x; type -t x
#### readonly prints
readonly q=1; readonly -p | grep 'q='
#### export prints
export zz=5; export -p | grep zz
#### set prints functions
f() { echo a; }; declare -f f; declare -F f
#### let fails
let; echo $?; let x=; echo $?
#### return outside
return 3; echo $?
#### break outside
break; echo $?
#### too many arguments
f() { return 1 2; }; f; echo $?; (exit 1 2); echo $?
#### numeric argument
(exit abc); echo $?; f() { return x; }; f; echo $?
#### pushd, popd and dirs with positions
mkdir a b c; cd /tmp > /dev/null; pushd /bin > /dev/null; pushd /etc > /dev/null; dirs; dirs +1; dirs -0; dirs -v; pushd +1; pushd -n /x; popd -n +1; popd +9; popd -x; dirs -c; dirs; popd; pushd; pushd a b
#### pushd exchanges the top two
cd /; pushd /bin; pushd; pushd; popd; pushd -0; dirs -p
#### command -v finds some
command -v cd nosuch; echo $?; command -v nosuch; echo $?
#### mapfile without a file
mapfile -u 7; echo $?; mapfile 1x < /dev/null; echo $?
#### a local OPTIND
f() { local OPTIND=1 o; while getopts :abcxy o; do echo $o; [ $o = x ] && f -ab; done; }; f -cxy
#### read -n counts what a backslash quotes
echo 'a\b\c\d' | { read -n 3 x; echo "$x"; }; echo abc | { read -n 0 x; echo "[$x] $?"; }
read -n two x; echo $?; read -N -1 x; echo $?
#### unset of what is no name; numbers of pseudo signals
unset %; echo $?; unset -v %; echo $?; kill -l DEBUG ERR RETURN; printf '%c|' '' | od -c | head -1
