#### set -x: commands, assignments, arrays
set -x
echo 1 'a b' '' '~' a~ '#' '$x' 'a
b'
x=1 y='2 3'
a=(1 '2 3'); declare -A m=([k]=v); local_=1
x=3 true
export E='e e'; readonly R=1; declare D='d d'
#### set -x: compound commands
set -x
for i in a b; do : $i; done
case x in x) :;; esac
[[ a == a* && -n b ]]
((i = 3))
[ a = b ] || true
! true
#### set -x: plus signs count substitutions, not subshells
set -x
y=$(echo q)
(echo sub)
eval 'echo hi'
echo 'echo src' > s; . ./s
trap 'echo trap' EXIT
f() { echo in; }; f
#### PS4 is expanded
PS4='+$LINENO:$x '; x=v
set -x
echo a
#### aliases of the line before
shopt -s expand_aliases
alias e='echo one'; e two 2>/dev/null || echo not yet
e two
unalias e
e 2>/dev/null || echo gone
alias 'a b=c'; echo $?; unalias; echo $?
#### BASH_XTRACEFD
exec 7>log; BASH_XTRACEFD=7; set -x
echo a; (echo b); x=$(echo c)
set +x; unset BASH_XTRACEFD; cat log
