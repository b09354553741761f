#### a variable of the call is the function's own
f() { local v; echo "${v-unset}"; unset v; echo "${v-unset}"; }; v=global
v=call f; echo $v
g() { unset v; echo "${v-unset}"; v=new; }; v=call g; echo $v
inner() { local v; echo "inner ${v-unset}"; }; outer() { local v; inner; }; v=call outer; outer
drop() { unset v; }; h() { local v=mine; drop; echo "${v-unset}"; drop; echo "${v-unset}"; }; v=call h
#### unset goes through the environments of nested evals
f() { v=2 eval 'v=3 eval "for i in 1 2 3 4; do echo \${v-unset}; unset v; done"'; echo "${v-unset}"; }
v=global; v=1 f
#### a local keeps what the call exported
n() { local x; bash -c 'echo ${x-none}'; x=changed; bash -c 'echo $x'; }; x=call n
#### keys and values in parentheses are not split
v="1 2"; declare -A m=($v x {p,q} ~); k='{p,q}'; echo ${#m[@]} "${m["1 2"]}" "${m[$k]}"
#### an associative array takes no word without a subscript
declare -A m; m=([a]=1 b [c]=2); echo $? "${!m[@]}" "${m[@]}"
#### elements of an associative array keep tildes and braces
HOME=/h; declare -A m=([t]=~ [b]={x,y} [c]=a:~); echo "${m[t]} ${m[b]} ${m[c]}"
a=([1]=~ [2]=a:~); echo "${a[@]}"; a=([1]={x,y}); echo "${!a[@]}" "${a[@]}"
#### += inside an associative literal adds to the old value
declare -A m=([k]=1); m=([k]+=2 [n]=3 [n]+=4); echo "${m[k]} ${m[n]}"; m+=([k]+=5 [n]+=6); echo "${m[k]} ${m[n]}"
#### a scalar becomes element 0 of an array
s=one; declare -A s; declare -p s; t=two; declare -A t+=([k]=v); echo "${t[0]} ${t[k]}"; u=three; declare -A u=([k]=v); declare -p u
#### export and readonly take no elements
readonly a[1]=x; echo $? "${a[@]}"; export b[1]=x; echo $?; export b[2]; echo $?
#### single quotes in a subscript are text for arithmetic
a=(zero one); a["1"]=uno; echo $? "${a["1"]}"
bash -c "a['1']=eins" 2>&1; bash -c "a=(1 2); echo \${a['1']}" 2>&1; echo $?
#### a reference to an element with a quoted or computed key
declare -A m=([k]=v); declare -n r='m["k"]'; echo $r; r=w; echo "${m[k]}"
key=k; declare -n s='m[$key]'; echo $s; s=x; echo "${m[@]}"
#### unset runs the command in a subscript
declare -A m=([k]=v [l]=w); unset 'm[$(echo k)]'; echo "${m[@]}"; a=(0 1 2); unset "a[\`echo 1\`]"; echo "${a[@]}"
#### SHELL is set
env -u SHELL bash -c 'echo $SHELL; declare -p SHELL'
#### a subshell knows a bare array
declare -a q; (declare -p q); declare -A r; (declare -p r)
#### commands in a subscript that a variable holds
x='a[$(echo 4 | tee P)]=1'; echo $((x)); cat P; echo ${!a[@]}
b=(3 4 5); a=(0 1 2); e='a[$(echo 2)]'; echo "${b[e]}"; b[e]=z; echo "${b[@]}"; (( b[e] = 7, c = e )); echo ${b[2]} $c
let 'd = e + 1'; echo $d; for ((i = e; i < 4; i++)); do echo i$i; done
declare -n ref='a[$(echo 2) - 1]'; echo $ref; s=abcdef; echo ${s:e:2} "${s:e}"
cat << X
$((e)) ${b[e]}
X
case $((e)) in 2) echo two;; esac; [[ $((e)) == 2 ]] && echo $((e)){p,q}
n='a[$(echo run >&2; echo 1)]'; echo $((n)) 2>&1; echo $((n)); p='a[$(echo 1 2)]'; echo $((p)); echo after
#### keys and values, names without separators
declare -A m=(["b c"]='x "y' [d]=$'n\nl'); echo "[${m[@]@K}]"; a=(1 "2 3"); echo "[${a[@]@K}]"; declare -A u=([é]=1); declare -p u
IFS=; v_a=1 v_b=2; printf '<%s>' ${!v_*} "${!v_*}" ${!a[*]} "${!a[*]}" ${!a[@]}; echo
