#### redirect out and append
echo a >f; echo b >>f; cat f; echo c >f; cat f
#### redirect in
echo hello >f; cat <f; read x <f; echo $x
#### stderr
ls nosuchfile 2>/dev/null; echo $?; { echo out; echo err >&2; } 2>&1 >/dev/null
#### both
{ echo out; echo err >&2; } &>f; cat f; { echo x; echo y >&2; } >>f 2>&1; wc -l <f
#### order of redirections
{ echo e >&2; } 2>&1 >/dev/null | cat
#### descriptor three
exec 3>f; echo three >&3; exec 3>&-; cat f; echo x >&3; echo $?
#### read from descriptor
printf '1\n2\n3\n' >f; exec 4<f; read a <&4; read b <&4; echo $a $b; exec 4<&-
#### move descriptor
exec 5>f; exec 6>&5-; echo moved >&6; exec 6>&-; cat f
#### named descriptor
exec {fd}>f; echo n >&$fd; exec {fd}>&-; cat f; [ $fd -ge 10 ] && echo high
#### read write
echo abc >f; exec 3<>f; read -n 1 x <&3; echo -n X >&3; exec 3>&-; cat f
#### noclobber
set -C; echo a >f; echo b >f; echo $?; echo c >|f; cat f
#### here-document
x=val; cat <<E
line $x $(echo sub) \$x `echo bt` $((1+1))
E
#### here-document quoted
x=val; cat <<'E'
line $x $(echo sub) \$x
E
#### here-document tabs
cat <<-E
	a
		b $(echo c)
	E
#### two here-documents
cat <<A - <<B
a
A
b
B
#### here-document in loop
for i in 1 2; do cat <<E
$i
E
done
#### here-document big
cat <<E | wc -c
$(seq 1 20000)
E
#### here-string
cat <<< "a $((1+1)) b"; tr a-z A-Z <<<hello
#### here-string unquoted
x='a   b'; cat <<< $x
#### redirect to variable name with spaces
f='a b'; echo hi >"$f"; cat "a b"; echo hi >$f; ls
#### ambiguous redirect
x='a b'; echo hi >$x; echo $?; echo hi > $nosuch; echo $?
#### redirect failure
echo hi >/nosuch/dir/f; echo $?; cat </nosuch; echo $?
#### redirect into directory
mkdir d; echo x >d; echo $?
#### bad descriptor
echo hi >&9; echo $?
#### redirect failure of builtin in list
: >/nosuch/x || echo failed
#### redirect compound
for i in 1 2; do echo $i; done >f; cat f; if true; then echo y; fi >>f; cat f
#### while read
printf 'a b\nc d\n' | while read x y; do echo $y $x; done
#### read options
echo 'a\nb' | { read x; echo "$x"; }; echo 'a\nb' | { read -r x; echo "$x"; }
#### read several
echo 1 2 3 4 | { read a b; echo "[$a][$b]"; }; echo 1 | { read a b; echo "[$a][$b]"; }
#### read IFS
echo a:b:c | { IFS=: read x y; echo "$x|$y"; }
#### read leading blanks
echo '  a  b  ' | { read x; echo "[$x]"; }; echo '  a  b  ' | { IFS= read -r x; echo "[$x]"; }
#### read end of file
printf 'no newline' | { read x; echo $? "$x"; }; : | { read x; echo $?; }
#### read -n -d
echo abcdef | { read -n 3 x; echo $x; }; printf 'a:b' | { read -d : x; echo $x; }
#### read REPLY
echo '  keep  ' | { read; echo "[$REPLY]"; }
#### read continuation
printf 'a\\\nb\n' | { read x; echo $x; }
#### pipe order
echo b a c | tr ' ' '\n' | sort | head -2
#### pipe status
false | true; echo $?; true | false; echo $?
#### pipe stderr
{ echo out; echo err >&2; } |& sort
#### pipe into while keeps scope
x=0; echo a | while read l; do x=1; done; echo $x
#### lastpipe
shopt -s lastpipe; echo a | read x; echo $x
#### sigpipe
yes | head -2; echo ${PIPESTATUS[0]}
#### printf basics
printf '%s-%s\n' a b c; printf '%d %i\n' 3 -4; printf '%5s|%-5s|%05d\n' a b 42
#### printf reuse
printf '%s\n' 1 2 3; printf 'x\n'; printf '%s %s\n' a
#### printf escapes
printf 'a\tb\\n\n'; printf '%b' 'x\ty\n'; printf '\x41\101\n'
#### printf numbers
printf '%+d % d %x %#x %#o %e %.2f %g\n' 5 5 255 255 8 12345.678 3.14159 0.0001
#### printf char and quote
printf '%c%c\n' abc def; printf '%q %q\n' 'a b' "it's"; printf "%d\n" "'A"
#### printf star
printf '%*d|%-*d|%.*f\n' 5 42 5 42 2 3.14159
#### printf bad
printf '%d\n' abc; echo $?; printf '%z'; echo $?
#### printf v
printf -v x '%s-%s' a b; echo $x
#### printf percent
printf '100%%\n'; printf '%s\n'; printf '%d\n'
#### echo options
echo -n a; echo b; echo -e 'x\ty'; echo -E 'x\ty'; echo -ne 'a\n'; echo -x; echo - -n
#### echo escapes
echo -e 'a\0101b\x41c\cd'; echo -e '\a\b' | od -c | head -1
#### dev fd
echo hi | cat /dev/fd/0; echo hi | cat /dev/stdin; echo err >/dev/stderr 2>/dev/null
#### closed stdin
read x <&-; echo $?
#### tee
echo a | tee f | tr a b; cat f
#### group in pipeline
(echo 1; echo 2) | { read a; read b; echo $b $a; }
#### command with only redirection
>f; ls -l f | cut -c1; [ -e f ] && echo exists
#### assignment with redirection
x=5 >f; echo $x; [ -f f ] && echo made
#### exec redirect
(exec >f; echo inside); cat f
#### stdin of background
cat & wait; echo done
#### xargs
printf 'a b\nc\n' | xargs echo; printf '1\n2\n3\n' | xargs -n 1 echo n; echo x | xargs -I{} echo [{}]
#### {array[i]} takes a descriptor
N=(1 2); exec {N[1]}>f; echo hi >&${N[1]}; exec {N[1]}>&-; cat f; echo ${N[1]}
declare -A M; exec {M[out]}>g; echo there >&${M[out]}; cat g
