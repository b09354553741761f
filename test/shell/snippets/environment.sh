#### functions in the environment
f() { echo "in f $1"; }; export -f f; bash -c 'f 1; declare -F; bash -c "f 2"'; env | grep -c '^BASH_FUNC_f%%='
export -nf f; bash -c 'f 3' 2> /dev/null; echo $?
declare -fx f; bash -c 'f 4'; declare -F; unset -f f; bash -c 'f 5' 2> /dev/null; echo $?
#### what is exported while allexport is on
set -a; g() { if true; then echo g; fi; cat << X; }
here $1
X
v=1; set +a; bash -c 'g arg; echo $v'
#### a text that is more than a function is none
env 'BASH_FUNC_h%%=() { echo h; }; echo more' bash -c 'h' 2> /dev/null; echo $?
env 'BASH_FUNC_h%%=() { echo h' bash -c 'echo still' 2> /dev/null
#### BASH_ENV
echo 'echo "loaded by $0"; v=1' > rc; BASH_ENV=./rc bash -c 'echo "c $v"'
echo 'echo "script $v"' > s; BASH_ENV='$PWD/rc' bash ./s; echo 'echo "stdin $v"' | BASH_ENV=./rc bash
BASH_ENV=/nonexistent bash -c 'echo ok'; echo 'exit 3' > rc; BASH_ENV=./rc bash -c 'echo no'; echo $?
#### shift_verbose
set -- a; shift 3; echo $?; shopt -s shift_verbose; shift 3; echo $?; shift; shift; echo $?
#### set -u and the number of elements
(set -u; echo ${#none[@]}; echo no); echo $?
(set -u; declare -a d; echo ${#d[@]}; echo no); echo $?
(set -u; e=(); echo ${#e[@]} ${#@} ${#*})
#### history -s makes no line of its own
history -s one; history -s two three; history; fc -l -2; fc -ln -1
#### the shell's own maps
ls > /dev/null; echo "${!BASH_CMDS[@]}"; BASH_ALIASES[ll]='ls -l'; alias; alias x=y; echo ${BASH_ALIASES[x]} ${#BASH_ALIASES[@]}
#### wait waits for a process substitution
echo abc > >(sleep .1; cat > out); wait; cat out; wait; echo $?
#### locals of exported variables
export z=z
f() { local z=a; env | grep ^z=; }
f; env | grep ^z=
g() { local z; z=b; env | grep ^z=; }; g
h() { declare z=c; env | grep ^z=; unset z; env | grep ^z=; z=d; env | grep ^z=; }; h; k() { local -x z; env | grep ^z=; declare -p z; }; k
m() { local z=1; declare +x z; env | grep ^z=; }; m; z=pre m; n() { local -i z=3; export -n z; env | grep ^z=; z=9; bash -c 'echo $z'; }; n; o() { local z; bash -c 'echo ${z-unset}'; readonly z; }; o; u=1; p() { local u=2; export u; q; env | grep ^u=; }; q() { local u; env | grep ^u=; u=5; env | grep ^u=; }; p; env | grep ^u=; bash -c 'echo $z'
