#### braces are text before a name is a name
a=1 a_c=yes; echo {$a,b}_c {x,$a}{_c,_d} {${a},b}_c "$a"{_c,} {$a,b}-c
#### letters between Z and a
echo {Z..a}
echo -{[..]}- {z..{}
#### GLOBIGNORE and brackets
mkdir g; cd g; touch .hid a1 b-2 'c d'; GLOBIGNORE='[[:alpha:]][0-9]:*[[:space:]]*'; echo *
GLOBIGNORE='[:]'; echo *; GLOBIGNORE='\a1'; echo *; unset GLOBIGNORE; echo *
#### GLOBIGNORE hides . and ..
mkdir g; cd g; touch .x; shopt -u globskipdots; echo .*; GLOBIGNORE=y; echo .*; unset GLOBIGNORE; echo .* */ .*/
#### without extglob !( ) in [[ ]] is a negation
[[ !(1 -eq 1) ]]; echo $?
[[ !(a == b) && -n x ]]; echo $?
x=; [[ !($x) ]]; echo $?
shopt -s extglob
[[ !(a) ]]; echo $?
[[ b == !(a) ]]; echo $?
#### a brace that is no interval is no regular expression
for re in '{' 'a{' 'a{x' 'a{2' 'a|{' '({)'; do [[ a =~ $re ]]; echo $?; done
for re in 'a{1}' 'a{,2}' 'a{1,}' '\{' '[{]' '}'; do [[ 'a{}' =~ $re ]]; echo $?; done
#### bytes and code points beyond Unicode
printf %s $'\377\xfe' | od -An -tx1; printf %s $'it\'s "\"\?\xff\\' | od -An -c
printf '\U00110000' | od -An -tx1; echo -ne '\U00200001' | od -An -tx1; printf %s $'\U04000000' | od -An -tx1
#### a line ends at a NUL for mapfile
printf 'a\0b\nc\n' | { mapfile l; declare -p l; mapfile -t m <<< x; declare -p m; }
printf 'a\0b' | { mapfile -d '' l; declare -p l; }
printf 'a\0b\n' > f; x=$(< f); echo ${#x}
#### slashes in the commands of a pattern
HOME=/etc; wd=/home/user/tmp; echo "${wd/#$(echo /home/user)/~}" ${wd/#$(echo /home/user)/X} ${wd//`echo /`/:} "${wd/$(echo /home/)/a b}" ${wd/$(echo /tmp)}
echo "${wd/user/$(echo a/b)}" ${wd/${wd%/*}/Z} "${wd/$(echo "/home")/$(echo /q)}"
#### extended patterns of ${x#…} want extglob
x=abcdef; echo ${x#*(a|b)cd} ${x/+(b)/X} ${x%%?(f)}; x='a*(b'; echo ${x#*(} "${x%%\**}"; shopt -s extglob
x=abcdef; echo ${x#*(a|b)cd} ${x/+(b)/X} ${x%%?(f)} ${x/!(a)/-}
#### a declared size makes an array, no pipeline no PIPESTATUS
typeset -i n[4]; declare -p n; n[1]=2+5; declare -p n; declare s[2]; declare -p s; f() { local l[3]; declare -p l; }; f
bash -c 'echo "<$PIPESTATUS>" ${#PIPESTATUS[@]}; true | false; echo ${PIPESTATUS[@]}; echo ${PIPESTATUS[@]}'
