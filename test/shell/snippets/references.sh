#### a reference stands for its target
x=1; declare -n r=x; echo $r ${!r}; r=2; echo $x; unset r; echo ${x-unset}; declare -p r 2>&1
#### a loop's reference moves
a=1 b=2; declare -n r=a; for r in a b; do echo "${!r} $r"; done
#### a reference to an element
a=(x y z); declare -n r='a[1]'; echo $r; r=Y; declare -p a
#### references that are none
declare -n r=1x; echo $?; declare -n s=s; echo $?
#### ${!x@a} is of the variable named
a=(1); s=; n=a; echo "${!n@a}"; n=s; echo "[${!n@a}]"; declare -rl V; declare -p V; echo ${V@a}
#### an element that holds no list
a=(1 2); a[0]=(3 4); echo $?
#### reading before the first element
a=(1 2); { echo "[${a[-5]}]"; } 2>/dev/null; echo next
#### name references that cannot be
x=1; declare -n r=q; r='2 3'; echo "$q"
v='#'; declare -n v; echo $? "$v"; w=9; typeset -n w; w=ok; echo "$w"
declare -n a=b; declare -n b=a; a=1; echo $?
l=(p q); declare -n e='l[1]'; e[0]=z; echo $? "${l[@]}"; echo "$e"
#### ${!x} with substitutions in the subscript
l=(zero one two); i=1; r='l[$i]'; echo ${!r}; r='l[$(echo 2)]'; echo ${!r} "${!r:-none}"
declare -A m=([k y]=v); r='m["k y"]'; echo "${!r}"; t=tt; : ${!t:=set}; echo $t $tt
l=(zero one); echo "${!l}" ; echo "${!none[@]-d}"; echo $?
