#### single quotes
echo 'a $x "b" \n'
#### double quotes
x=1; echo "a $x \$x \"q\" \\ \`"
#### ansi quotes
echo $'a\tb\n\x41\u00e9\101\e[0m' | od -c | head -3
#### adjacent quotes
x=5; echo a"b"'c'$x"$x"d
#### escaped newline
echo a\
b "c\
d"
#### empty words
set -- "" '' a; echo $#; printf '[%s]' "$@"; echo
#### word splitting
x="a  b	c"; printf '[%s]' $x; echo; printf '[%s]' "$x"; echo
#### IFS colon
IFS=:; x=a::b:; printf '[%s]' $x; echo
#### IFS mixed
IFS=': '; x='a : b::c  d'; printf '[%s]' $x; echo
#### IFS empty
IFS=; x='a b'; printf '[%s]' $x; echo
#### IFS leading
IFS=:; x=:a; printf '[%s]' $x; echo
#### at and star
set -- 'a b' c; printf '[%s]' $@; printf '[%s]' "$@"; printf '[%s]' $*; printf '[%s]' "$*"; echo
#### star with IFS
set -- a b c; IFS=-; echo "$*" $*
#### at in the middle
set -- 1 2 3; printf '[%s]' "x$@y"; echo
#### at empty
set --; printf '[%s]' "$@"; printf '[%s]' "a$@"; echo
#### brace list
echo {a,b,c} x{1,2}y {a,b}{c,d}
#### brace sequence
echo {1..5} {5..1} {a..e} {01..10..3} {-2..2}
#### brace nested
echo {a,b{1,2},c} {a,} {a} {} a{b,c
#### brace quoted
echo {"a b",c} \{a,b} '{a,b}' "{a,b}"
#### brace with variables
x=1; echo {$x,b}$x {$x..3}
#### tilde
HOME=/h; echo ~ ~/a "~" a~ x=~ ~nosuchuser
#### tilde in assignment
HOME=/h; x=~/a:~/b; echo $x
#### comments
echo a # b
echo a#b
#### parameter default
echo ${x-a} ${x:-b} "${x:-c d}"; x=; echo [${x-a}] [${x:-b}]
#### parameter assign
echo ${x=1} $x; y=; echo ${y:=2} $y
#### parameter alternative
x=1; echo ${x+set} ${y+set} ${x:+set}; x=; echo [${x:+set}] [${x+set}]
#### parameter error
echo ${x?}; echo not reached
#### parameter error text
(echo ${x:?is missing}); echo $?
#### quoted default with quotes
echo "${x:-'a'}" ${x:-'a b'} "${x:-"c d"}"
#### length
x=héllo; echo ${#x} ${#y}
#### prefix removal
f=/a/b/c.tar.gz; echo ${f#*/} ${f##*/} ${f%.*} ${f%%.*}
#### prefix removal with pattern
x=aaabbb; echo ${x#a*a} ${x##a*a} ${x%b*b} ${x%%b*b} ${x#?}
#### removal quoted pattern
x='a*b'; echo "${x#'a*'}" "${x#a\*}"
#### replace
x=abcabc; echo ${x/b/X} ${x//b/X} ${x/#a/Y} ${x/%c/Z} ${x//b}
#### replace pattern
x='a.b.c'; echo ${x//./-} ${x//[ac]/_} ${x/b*/!}
#### replace with slash
x=a/b/c; echo ${x//\//-} "${x////:}"
#### replace ampersand
x=abc; echo ${x/b/[&]} ${x/b/[\&]}
#### substring
x=abcdefg; echo ${x:2} ${x:2:3} ${x: -3} ${x: -3:2} ${x:1:-2}
#### substring arithmetic
x=abcdefg; n=2; echo ${x:n:n+1} ${x:$n} ${x:$((n+1)):1}
#### substring of args
set -- a b c d; echo ${@:2} - ${@:2:2} - ${*: -1} - ${@:0:1}
#### case change
x=hELLo; echo ${x^} ${x^^} ${x,} ${x,,} ${x~~} ${x^^[l]}
#### indirect
a=b; b=c; echo ${!a}; set -- x y; n=2; echo ${!n}
#### indirect array
arr=(1 2 3); r='arr[1]'; echo ${!r}; r='arr[@]'; echo ${!r}
#### names
xa=1 xb=2; echo ${!x@} ${!x*}
#### transform Q
x="it's"; echo ${x@Q} "${x@U}" ${x@u}
#### transform A
declare -i n=5; echo "${n@A}" ${n@a}
#### special parameters
set -- a b; echo $# $0; false; echo $?; true; echo $?
#### positional above nine
set -- 1 2 3 4 5 6 7 8 9 10 11; echo $10 ${10} ${11}
#### nounset
set -u; echo ${x-ok}; echo $x; echo not reached
#### nounset array
set -u; a=(); echo "${a[@]}" done; echo ${a[0]}
#### command substitution
echo $(echo a; echo b) "$(echo c; echo d)"
#### command substitution trailing newlines
x=$(printf 'a\n\n\n'); echo "[$x]"
#### nested substitution
echo $(echo $(echo $(echo deep))) `echo \`echo back\``
#### substitution with quotes
echo "$(echo "a  b")" $(echo "a  b")
#### substitution status
x=$(false); echo $?; x=$(exit 7); echo $?; echo $(false) $?
#### substitution and assignment status
a=$(true) b=$(false); echo $?
#### file substitution
echo hello >f; echo $(<f) "$(< f)"
#### arithmetic expansion
x=3; echo $((x+1)) $(( $x * 2 )) $((x==3?10:20)) $[1+2]
#### process substitution
cat <(echo a) <(echo b); diff <(echo x) <(echo x) && echo same
#### process substitution out
echo hi > >(cat); wait; sleep 0.1
#### read loop from process substitution
while read -r l; do echo "[$l]"; done < <(printf '1\n2\n')
#### glob
touch a.c b.c c.h; echo *.c ?.h [ab].c *.x
#### glob hidden
touch .h v; echo * .[a-z]*
#### glob dotglob
touch .h v; shopt -s dotglob; echo *
#### nullglob
shopt -s nullglob; echo a *.none b
#### failglob
shopt -s failglob; echo *.none; echo after
#### glob directories
mkdir -p d/e; touch d/e/f d/g; echo d/* d/*/* */
#### globstar
mkdir -p a/b/c; touch a/1 a/b/2; shopt -s globstar; echo **; echo a/**
#### extglob
shopt -s extglob
touch a1 a2 b1 c; echo @(a|b)1 !(a*) a?([0-9]) +(a|1|2)
#### glob quoted
touch 'a*b' acb; echo 'a*b' "a*b" a\*b a*b
#### glob from variable
touch x1 x2; p='x*'; echo $p "$p"
#### noglob
touch a b; set -f; echo *
#### bracket classes
touch a 1 B; echo [[:digit:]] [[:upper:]] [!a]
#### case patterns
for w in a b foo 1x; do case $w in a) echo A;; [b-d]) echo B;; f*|g*) echo F;; *) echo other;; esac; done
#### case fallthrough
case a in a) echo 1;& b) echo 2;;& a) echo 3;; *) echo 4;; esac
#### case quoted pattern
x='*'; case abc in "$x") echo literal;; $x) echo pattern;; esac
#### case empty
case "" in "") echo empty;; esac; case x in y) ;; esac; echo $?
#### case extglob
shopt -s extglob
case foobar in foo@(bar|baz)) echo yes;; esac
#### [ alone is no pattern
touch a b '[c]'; shopt -s nullglob; [ 1 -lt 2 ]; echo $? [ ] [x x] []; shopt -u nullglob
x=[; echo $x "$x"a ${x}c]; [ 08 -eq 8 ]; echo $?; [ -5 -lt -4 ]; echo $?; [ 1 constructor 2 ]; echo $?
#### =~ with nothing to repeat
for r in '*' '+a' 'a|*' '(?a)' '^*' '\(*' '[(*]*' '[]*]+'; do [[ 'a(' =~ $r ]]; echo "$r $?"; done
#### lists in quotes that are no field
f() { echo "$#:$1:$2"; }; set --; e=
f "$e$@" "$@$e" "a$e$@" "$@ "; f "$e"; f "$e$e"; f "${e}${e:-}"; f "$(true)"; f "$(true)$@"; f "$((0))$@"; f ""; f "" ''; f "$e"x; f x"$e"; f $e"$e"; f "${e:-}"; f "${u-}"; f "$(true)"
f "${b[@]+x}"; f "${b[@]-}"; f "${@+x}"; f "${@-}"; f "${@:-}"; f "${b[@]:-}"; f "${b[*]+x}"; f "${*+x}"; f "${b[@]:+x}"; f "${@:+x}"; f "${@:-$@}" ; f "${b[@]-${b[@]}}" ; f "${c+$@}"; f "${c-$@}"; f "${c:-"$@"}"
a=(); f "${a[@]+x}"; f "${a[@]:-}"; f "${a[@]%x}" ; f "${@%x}"; f "${a[@]/x/y}"; f "${a[@]:1}"; f "${@:1}"; f "${!b[@]}"; f "${!a[@]}"; f "${a[@]@Q}"; f "${b[@]@Q}"; f "${@@Q}"
f "${a[@]}""${b[@]}"; f "${a[@]}$@"; f "$@$*"; f ""$@; f x"${a[@]}"; f "${a[@]}" ""; f "${1+"$@"}" ; f ${1+"$@"}; f "${x[@]:+"${x[@]}"}"; f "${x[@]+"${x[@]}"}"
a=('' ''); f "${a[@]+x}"; f "${a[@]:+x}"; f "${a[@]:-d}"; a=(''); f "${a[@]:+x}"; f "${a[@]:-d}"; f "${a[@]-d}"
set -- '' ''; f "$@"; f "$e$@"; f "$@$e"; f "x$@"; f "$*"; set -- ''; f "$@"; f "$e$@"; f "$@""$@"; a=''; f "${a[@]}"
set --; a=(1); f "${a[@]:5}" ; f "${a[@]:0:0}"; f "${@:0:0}"; f "${!nope@}"; f "${!nope*}"; f "${a[@]/1/}"; f "${a[@]#1}"; f "${b[@]@A}" ; f "${b[@]^}"; f "${#b[@]}"; f "x${b[@]}"; f "${b[@]}y"; x=; f "${x[@]}"; unset x; f "${x[@]}"; f "${x[*]}"; f "$x${b[@]}"
