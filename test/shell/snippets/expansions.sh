#### quotes within "${x:-…}"
H=h; echo "${u:-"\$H"}" "${u:-"a\'b"}" "${u:-a\"b}" "${u:-'q'}" "${u-\}}" "${u:-"x $H"}" "${u:-a\b}"
#### ! and # with an operation
set -- 1 2; echo ${#-x} ${#:-x} ${!-none} "${!:-no ne}"
#### a failed expansion ends its line
echo ${x!y}; echo same line
echo next line
set -- a; echo ${6=x}; echo no
eval 'echo ${}'; echo after eval
#### !(…)
shopt -s extglob
for p in '!(foo)' '!(foo)*' '*!(o)' '!(*.c)' '!(f|foo)o' 'f!(o)' '+(!(x))'; do case foo in $p) echo "$p yes";; *) echo "$p no";; esac; done
touch a.c b.h c; echo !(*.c) !(*.c|*.h); x=abcabc; echo ${x//!(b)/-} ${x#!(b)} ${x%%!(c)}
#### sequences of large numbers
echo {9223372036854775805..9223372036854775807} {-9223372036854775808..-9223372036854775806..2}
#### ( and ; within the parts of for (( ))
for ((i = 0; i < $(echo 2; ) + (1); i++)); do echo $i; done
#### ${x@P} and "${@@A}"
P='\s \v \$ \[x\]'; echo "${P@P}"; set -- a 'b c'; echo "${@@A}"
#### printf: escapes of the format
printf '\"a\?\n'; printf "\'b\' \\c \\101 \\x41 \\u00e9\n"; printf '%b\n' '\"' "\\'" '\0101' 'x\cy'; printf '%d\n' 99999999999999999999 2>/dev/null
#### printf %q
printf '%q ' 'x#' '#x' '{a,b}' '~' 'a~' 'a b' ''; echo
