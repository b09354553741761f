#### printf: bytes of characters, and characters of bytes
printf '%x %d\n' "'é" '"é'; printf '%x\n' "'"$'\xc3x'; printf '%c' 日本 | od -An -tx1; printf '%c|\n' ''
printf '\0377|\377|%b\n' '\0101\101' | od -An -tx1
#### printf: numbers too big
printf '%u %x\n' 18446744073709551615 18446744073709551615; echo $?
printf '%d %u\n' 9223372036854775808 99999999999999999999; echo $?
printf '%u %o %d\n' -1 -2 -9223372036854775809; echo $?; printf '%u\n' -18446744073709551617
#### printf: the # flag, and times that are cut
printf '[%#.0f] [%#.0e] [%.0e] [%#g]\n' 3 5 5 2
TZ=UTC printf '[%12.4(%Y-%m-%d)T] [%-6(%d)T]\n' 86400 86400
y=%Y%Y%Y%Y%Y%Y%Y%Y; printf "%($y$y$y%Y%Y%Y%Y%Y%Y%Y)T\n" 0; printf "%($y$y$y$y)T|\n" 0
#### getopts into what is no name
set -- -a val -b; getopts a:b 1x; echo $? $OPTIND $OPTARG; getopts a:b o; echo $? $o
#### set + and set -
set a b; set +; echo "$@"; set + -e c; echo $- "$@" | tr -d himBHs; set + -; echo "$@"; set +e - z; echo "$@"
#### umask: what it refuses
umask 027; umask -x; echo $?; umask 10000; echo $?; umask 08; echo $?; umask u=rwt; umask z+r; umask g; umask u+r,; umask
umask 7777; umask; umask u=rwx,g=,o=r; umask -S; umask -p; umask -S -p
#### type, command -v and files that cannot be executed
mkdir a b; touch a/tool b/tool b/plain; chmod +x b/tool; PATH=$PWD/a:$PWD/b:$PATH
type -t tool plain; type -P tool plain | sed 's,.*/\(.*/\),\1,'; command -v plain | sed 's,.*/,,'; type -a plain; echo $?
plain 2>&1 | sed 's,/.*/,,'; (plain) 2>/dev/null; echo $?; type a/tool; echo $?; command -v nothing; echo $?
#### command -p
tool() { echo function; }; mkdir bin; printf 'echo mine\n' > bin/uname; chmod +x bin/uname; PATH=$PWD/bin
uname; command -p uname; command -pv uname; command -p nosuch; echo $?
#### test -t of what is no descriptor
[ -t x ]; echo $?; [ -t 99999999999 ]; echo $?; [ -t '' ]; echo $?
#### cd: a missing directory before ..
mkdir -p d/e; cd nosuch/..; echo $?; cd d/../d/e/..; basename $PWD; touch f; cd f/..; echo $?; basename $PWD
#### pwd does not believe $PWD
mkdir d; cd d; PWD=lie; pwd | sed 's,.*/,,'; cd ..; pwd | sed 's,.*/,,' | grep -c .; unset PWD; cd d; basename "$PWD"; dirs | sed 's,.*/,,'
#### shopt -s cdable_vars
mkdir here; here2=$PWD/here; cd here2; echo $?; shopt -s cdable_vars; cd here2 | sed 's,.*/,,'; cd here2 > /dev/null; basename $PWD; cd nosuch; echo $?
#### popd of what is no number
pushd / > /dev/null; popd x; echo $?; popd -x; echo $?; popd > /dev/null; echo $?
#### mapfile keeps no zero bytes
printf 'a\0b\0c' | { mapfile -d '' x; echo ${#x[@]} "${x[0]}|" ${#x[2]}; }
#### aliases with odd names
shopt -s expand_aliases
alias a~b='echo tilde' c.d='echo dot' e%f='echo percent' +='echo plus' 'g*'='echo star'
a~b; c.d; e%f; +; g*; "c.d" 2> /dev/null; echo $?
#### unset makes the shell's own variables ordinary
unset RANDOM SECONDS; echo "[$RANDOM$SECONDS]"; RANDOM=7; echo $RANDOM $RANDOM; f() { unset FUNCNAME; echo "[$FUNCNAME]"; }; f
(unset LINENO; echo "[$LINENO]"); echo $LINENO
#### prompts: backslashes and octal
for p in '\\$' '\\\\$' 'a\' 'a\\' '\101\555' '[\w]'; do (cd /; echo "${p@P}"); done; shopt -u promptvars; p='\\$x'; echo "${p@P}"
#### a completion function that fails
f() { COMPREPLY=(a b); : $((1/0)); }; compgen -F f x 2> /dev/null
echo $?
compgen -F nosuch x; echo $?
#### the trace of case
set -x; x=1; case $x-$x in 1*) : ;; esac
#### history: mistakes
history -c; history -5; echo $?; history nan; echo $?; history -r nosuch; echo $?; HISTFILE=; history -w; echo $?; history 1 2
#### a syntax error's line
printf 'echo a\n) b\n' | bash
printf 'echo a\nif; then\n' | bash
#### fc in an interactive shell
printf '%s\n' 'HISTFILE=h; HISTCONTROL=' 'history -c' 'echo one' 'echo two' 'seq 3' 'fc -l' 'fc -ln 2 1' 'fc -l echo' 'fc -lr -2' 'fc -l 99' 'fc -l nosuch' 'fc -s one=1 echo\ o' 'fc -s 3=2 seq' 'history 3' 'fc -z' 'history -d 2-3' history 'history -d 50' 'history -w; cat h' | setsid bash --norc --noediting -i 2>&1 | grep -v '^bash: \(no job\|cannot set\)' | grep -v '\$\|# '
#### $'…' with bytes that are no characters
printf %s $'\xff\303a\'"\"\\' | od -An -tx1; x=$'\xc3\xa9 \xc3'; echo ${#x}; printf %s "$x" | od -An -tx1
#### an exported SHELLOPTS and BASHOPTS reach the shells below
export SHELLOPTS; set -x; bash -c 'echo $-; set +x; set -f; bash -c "echo *"'; set +x
(export BASHOPTS; shopt -s nullglob; bash -c 'echo x*'; shopt -u nullglob; bash -c 'echo x*'); env SHELLOPTS=nounset bash -c 'shopt -o nounset braceexpand'
SHELLOPTS=x; echo $?; env | grep -c OPTS=
#### sed: escapes in a list of characters
printf 'a\tb\\tc]/\n' | sed 's/[\t]/T/g; s/[\]/B/; s/[\/]/S/; s/[\n]/n/'; printf 'a\nb\n' | sed 'N; s/[\n]/ /'
#### printf rounds a half to the even digit
for x in 0.5 1.5 2.5 2.25 0.125 8.5 9.5; do printf '%.0f %.1f %.2f %.0e %.1e %.2g|' $x $x $x $x $x $x; done; printf '%g %e %.3g\n' 0 0 1000000.5
