#### basics
a=(x y z); echo ${a[0]} ${a[2]} ${a[@]} ${#a[@]} $a ${a[-1]}
#### assignment by index
a[3]=d; a[1]=b; echo ${a[@]} ${!a[@]} ${#a[@]}
#### append
a=(1); a+=(2 3); a[0]+=x; echo ${a[@]}
#### compound with indexes
a=([2]=c [0]=a d); echo ${!a[@]} ${a[@]}
#### quoted expansion
a=('a b' c); printf '[%s]' "${a[@]}"; printf '[%s]' ${a[@]}; printf '[%s]' "${a[*]}"; echo
#### slices
a=(0 1 2 3 4 5); echo ${a[@]:2:2} ${a[@]: -2} ${a[@]:1}
#### element length
a=(one three); echo ${#a[0]} ${#a[1]} ${#a}
#### unset element
a=(1 2 3); unset 'a[1]'; echo ${a[@]} ${!a[@]} ${#a[@]}
#### unset all
a=(1 2); unset a; echo "[${a[@]}]"
#### operations on all
a=(foo.c bar.c); echo ${a[@]%.c} ${a[@]/o/0} ${a[@]^^} ${a[@]#f}
#### associative
declare -A m; m[one]=1; m["two words"]=2; echo ${m[one]} "${m[two words]}" ${#m[@]}
#### associative literal
declare -A m=([a]=1 [b]=2); m+=([c]=3); for k in a b c; do echo $k=${m[$k]}; done
#### associative keys
declare -A m=([x]=1); for k in "${!m[@]}"; do echo "$k"; done; unset 'm[x]'; echo ${#m[@]}
#### associative subscripts with variables
declare -A m; k=key; m[$k]=v; echo ${m[$k]} ${m[key]} ${m[nosuch]-none}
#### from words
s='a b c'; a=($s); echo ${#a[@]}; a=("$s"); echo ${#a[@]}
#### from command
a=($(echo 1 2 3)); echo ${a[1]}
#### from glob
touch f1 f2; a=(f*); echo ${#a[@]} ${a[1]}
#### mapfile
mapfile -t a < <(printf 'x\ny y\nz'); echo ${#a[@]} "${a[1]}"; mapfile b <<< $'1\n2'; printf '%s' "${b[@]}"
#### mapfile options
printf '1\n2\n3\n4\n' >f; mapfile -t -s 1 -n 2 a <f; echo ${a[@]}; readarray -t -O 2 b <f; echo ${!b[@]}
#### read -a
read -a a <<< 'p q r'; echo ${a[1]} ${#a[@]}
#### declare -p
a=(1 'b c'); declare -p a; declare -A m=([k]=v); declare -p m; x=5; declare -p x
#### loop over indexes
a=(x y z); for i in "${!a[@]}"; do echo $i ${a[i]}; done
#### array in function
f() { local -a l=(1 2); l+=(3); echo ${l[@]}; }; f; echo "[${l[@]}]"
#### nameref
f() { local -n r=$1; r=changed; }; v=old; f v; echo $v
#### nameref array
f() { local -n r=$1; r+=(x); echo ${#r[@]}; }; a=(1 2); f a; echo ${a[@]}
#### pipestatus
true | false | (exit 3); echo ${PIPESTATUS[@]}; echo ${PIPESTATUS[0]}
#### copy array
a=(1 '2 3'); b=("${a[@]}"); echo ${#b[@]}
#### negative index assign
a=(1 2 3); a[-1]=x; echo ${a[@]}
#### bad subscript
a=(1); a[-5]=x; echo $?
#### readonly array
readonly -a r=(1 2); r[0]=5; echo after
#### test -v
a=([2]=x); [[ -v a[2] ]] && echo set; [[ -v a[0] ]] || echo unset; x=; [[ -v x ]] && echo x
#### export array element count
a=(a b c d); echo "${#a[*]} ${a[*]:1:2}"
#### printf -v array
printf -v a[1] '%03d' 7; echo ${a[1]}
#### arithmetic index
a=(a b c d); i=1; echo ${a[i+1]} ${a[$i]} ${a[i*2]}
#### string append
s=a; s+=b; echo $s
#### declare with a list that has braces
declare -a a=({1..4} x{y,z}); declare -p a
f() { local l=({a..c}); echo "${l[@]}" ${#l[@]}; }; f
declare -A m=([a]=1); declare -a m; echo $?; declare -p m
#### an array with one element far away
a=(x); a[2147483637]=y; echo ${#a[@]} "${a[@]}" "${!a[@]}"; (echo "${a[*]}"); b=("${a[@]}"); declare -p b
f() { local a; a[900000000]=q; echo "${a[@]: -1}" "${a[-1]}"; unset 'a[-1]'; echo ${#a[@]}; }; f
unset 'a[2147483637]'; a+=(z); echo "${!a[@]}"; for i in "${a[@]}"; do echo $i; done; echo "${a[@]/z/Z}" ${#a[1]}
