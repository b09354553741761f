#### a prefix before local, declare and eval
f() { pre=1 local a=A; pre=2 declare -i b=1+2; pre=3 eval 'local c=C'; echo "$pre|$a|$b|$c"; local -p; }; f; echo "<$a$b$c>"
#### the prefix of a function is its local's first value
show() { local v; declare -p v; v=2; }; v=1 show; echo "[$v]"
#### unset under a prefix
v=out; f() { local v=in; v=pre eval 'unset v; echo 1:$v'; echo 2:$v; }; f; echo 3:$v; v=x unset v; echo 4:$v
#### a prefix before export and readonly
f() { n=1 export n; m=2 readonly m; }; f; declare -p n; echo $m
#### local -I
f() { local a=3; g; }; g() { local -I a; echo $a; a=4; echo $a; }; a=1; f; echo $a
#### continue in subshells of a loop
for i in 1 2; do ( continue; echo sub ) ; echo x | { break; echo pipe; }; { continue; echo bg; } 2>/dev/null & wait; y=$(continue; echo no); echo "<$y>"; done
#### too many arguments for break
for i in 1 2; do for j in a b; do echo $i$j
break 1 2
done; done
echo after $i $j
#### names that functions may not have
$x-y() { :; }
echo $?
"q"() { :; }
echo $?
a=b() { echo named; }; a=b
{x,y}() { echo braces; }; '{x,y}'
#### a brace expression is no file
echo one > f-{a,b}; echo $?; cat < {1..2}; echo $?; echo two > {c}d; cat '{c}d'; cat <<< {a,b}
#### an input alone in a process substitution
echo text > t; cat <(< t) <(<t; echo more); x=$(3<t); echo "[$x]"; cat <(<missing); echo $?
#### empty elements between separators that are no white space
set -- one "" two; IFS=x; for i in $@; do echo "<$i>"; done; for i in $*; do echo "($i)"; done
a=("" "" end ""); IFS=:; for i in ${a[@]}; do echo "<$i>"; done; IFS=' :'; for i in ${a[@]}; do echo "($i)"; done; IFS=; for i in ${a[*]}; do echo "{$i}"; done
#### a syntax error within a substitution
printf '%s\n' 'echo before' 'echo $(if true); echo same line' 'echo after' > s; bash s; echo $?; cat <(echo ok; case x in x) echo y;; esac)
#### a syntax error within backquotes waits
printf '%s\n' 'f() { echo `for; x`; }' 'echo defined; f; echo $?' 'x=`(`; echo $?' > s; bash s; echo $?
#### how far a failed redirection reaches
printf '%s\n' 'cat < $no; echo 1:$?' 'echo a > $no; echo 2:$?' '{ :; } > $no; echo 3:$?' 'cat < f$((1/0)); echo 4:$?' 'echo a > f$((1/0)); echo no' 'echo 5:$?' 'cat < ${x?bad}; echo 6:$?' > s; bash s; echo $?
#### only blanks and newlines are space in arithmetic
x=$'\r5'; echo $(( "3" ))
echo $((x + 1)); echo $?
#### bytes that are no characters are quoted
x=$'\xffé\xce'; printf '%q %q\n' "$x" $'a\xc3'; echo "${x@Q}"; declare -p x; set | grep ^x=; typeset | grep ^x=
#### a newline after a backslash in $'…'
echo $'a\
b\q'
#### declare +a
declare +a 'v=(1 2)'; declare -p v
#### $_ is among the variables
: last; declare -p | grep '^declare -- _='
