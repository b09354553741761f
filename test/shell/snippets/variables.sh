#### assignments before a command see those before them
a=1; a=x b=$a bash -c 'echo $a $b'; f() { echo $c $d; }; c=y d=$c f; echo $a $c
#### unset shows the variable below
f() { x=changed; echo $x; unset x; echo "${x-unset}"; }
x=global; x=temp f; echo $x
g() { local x=l; unset x; echo "${x-unset}"; }; g
#### an associative array lists as bash's hash table does
declare -A m=([a]=1 [b]=2 [c]=3 [key]=v ["two words"]=w)
echo "${!m[@]}" "${m[@]}"; declare -p m
#### a declared array is not a set one
declare -a a; declare -A m; declare -p a m; echo ${#a[@]} ${a-unset}; a=(); declare -p a
#### an array's value from an expansion
v='(1 "2 3" [5]=x)'; declare -a a="$v"; declare -p a
#### declare -A is over after its command
declare -A m=(a 1); b=(x y z); declare -p m b
#### readonly ends the line, not the script
readonly r=1
r=2; echo not here
f() { r=3; echo nor here; }; f; echo nor there
eval 'r=4'; echo eval $?
for r in a; do echo no; done; echo $?
read r <<< x; echo $?
#### readonly and set -e
set -e; readonly r=1; r=2; echo no
#### export of a local
V=global; f() { local V=local; export V; bash -c 'echo ${V-none}'; }; f; bash -c 'echo ${V-none}'
#### an element is no environment
a=1 b[0]=2 bash -c 'echo ${a-none} ${b-none}'
#### unset variables and set -u
bash -c 'set -u; echo $x; echo no' 2>&1; echo $?
bash -c 'set -u; echo $1' x 2>&1; echo $?
bash -c 'set -u; echo "$@" "$*"; echo $!' 2>&1; echo $?
#### bad names in braces
for w in '${}' '${1q}' '${:-x}' '${a b}' '${%x}'; do bash -c "echo $w; echo no" 2>/dev/null; echo $?; done
#### words of a default are split where they are not quoted
show() { for i; do echo "|$i|"; done; }
x=1; show ${x:+a "b c" d} ${y:-'p q' r}e "${x:+a "b c"}"; z='1 2'; show a${z:+ 'x y' $z ''}b
#### a replacement's backslashes
a=abc; b='\t'; c='\&'; d='[&]'; e='\\'; echo "${a/b/$b}" "${a/b/$c}" "${a/b/$d}" "${a/b/"$d"}" "${a/b/$e}" ${a/b/\t}
#### read splits as POSIX says
for s in ':a :' 'a:b:' 'a:b::' 'a : b : ' ' a b ' 'a:b:c' ':' '::' 'a  :'; do IFS=': ' read x y <<< "$s"; echo "($x)($y)"; done
#### getopts begins again with OPTIND=0
f() { while getopts ab o; do echo $o; done; }; f -a; OPTIND=0; f -b
#### arithmetic errors
bash -c 'echo $((1 ? 2 : x = 3)); echo no' 2>/dev/null; echo $?
bash -c 'echo $((2#)); echo no' 2>/dev/null; echo $?
#### 1>& a file is both
f=out; { echo o; echo e >&2; } 1>&$f; cat out
#### SHELLOPTS is readonly, set -n, elements of a map
SHELLOPTS=x
echo $?
declare -A m=([a]=1 [b]=2 [c]=3); x=("${m[@]:0:2}") y=("${m[@]:1:2}"); [ "${x[*]}" = "${y[*]}" ]; echo $? ${#x[@]}
set -n
echo not run
#### a local of an exported variable is exported
export z=z; f() { local z=a; env | grep ^z=; declare -p z; g; }; g() { local z; declare -p z; env | grep ^z=; z=b; env | grep ^z=; }; f; env | grep ^z=
