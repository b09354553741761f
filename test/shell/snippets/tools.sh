#### sed basics
printf 'a\nb\nc\n' | sed 's/b/X/; $d'; printf 'a\nb\n' | sed -n '/b/p'; echo abc | sed 's/\(a\)\(b\)/\2\1/'
#### sed addresses
seq 1 6 | sed -n '2,4p;6p'; seq 1 5 | sed '2!d'; seq 1 6 | sed -n '2~2p'; seq 1 5 | sed '/2/,/4/d'
#### sed flags
echo aaa | sed 's/a/b/2'; echo aaa | sed 's/a/b/g'; echo Abc | sed 's/a/x/I'; echo a | sed -n 's/a/b/p'
#### sed extended
echo foobar | sed -E 's/(foo|x)+(bar)?/[\1|\2]/'; echo 'a+b' | sed 's/a+b/X/'; echo aab | sed 's/a\+b/X/'
#### sed commands
seq 1 3 | sed '2i\before'; seq 1 3 | sed '2a after'; seq 1 3 | sed '2c changed'; echo abc | sed 'y/abc/xyz/'; seq 3 | sed -n '$='
#### sed hold
printf 'a\nb\nc\n' | sed -n '1!G;h;$p'; printf '1\n2\n3\n4\n' | sed 'N;s/\n/-/'; printf 'x\ny\n' | sed ':a;N;$!ba;s/\n/,/g'
#### sed case
echo 'hello world' | sed 's/\b\(.\)/\u\1/g'; echo abc | sed 's/.*/\U&/'; echo '[  12.5] msg' | sed 's/^\[[ 0-9.]*\] //'
#### sed in place
printf 'a\nb\n' >f; sed -i 's/a/z/' f; cat f; sed -i.bak 's/b/y/' f; ls
#### sed delimiter and files
echo /usr/bin | sed 's#/usr#/opt#'; printf 'x\n' >f; sed 's/x/y/' f f; sed q nosuch; echo $?
#### sed several scripts
echo abc | sed -e 's/a/1/' -e 's/b/2/'; printf 's/c/3/\n' >p; echo abc | sed -f p
#### sed errors
echo a | sed 's/a'; echo $?; echo a | sed 'k'; echo $?
#### grep basics
printf 'apple\nbanana\ncherry\n' >f; grep an f; grep -v an f; grep -c a f; grep -n rr f; grep -i APPLE f; echo $?
#### grep quiet and status
echo abc | grep -q b; echo $?; echo abc | grep -q x; echo $?; grep x nosuch; echo $?
#### grep patterns
printf 'a.b\naxb\nab\n' >f; grep 'a.b' f; grep -F 'a.b' f; grep -E 'a(x|\.)b' f; grep '^a\(x\|\.\)b$' f; grep -w ab f; grep -x 'axb' f
#### grep only matching
echo 'foo123bar45' | grep -o '[0-9]*'; echo 'a b a' | grep -o a | wc -l
#### grep context
seq 1 9 >f; grep -A1 3 f; grep -B1 5 f; grep -C1 7 f; grep -A1 -e 2 -e 6 f
#### grep files
echo x >a; echo y >b; grep -l x a b; grep -L x a b; grep -H x a; grep x a b; grep -h x a b; grep -c x a b
#### grep recursive
mkdir -p d/e; echo hit >d/e/f; echo no >d/g; grep -r hit d; grep -rl hit .
#### grep several patterns
printf 'a\nb\nc\n' | grep -e a -e c; printf 'a\nb\n' >p; printf 'a\nx\nb\n' | grep -f p; printf 'a\nb\n' | grep 'a
b'
#### grep max and bol
printf 'a\na\na\n' | grep -m 2 a; printf 'x1\ny2\n' | grep -E '^[xy][[:digit:]]$'; printf 'a\tb\n' | grep -P '\t' | wc -l
#### sort
printf 'b\na\nc\n' | sort; printf '10\n9\n2\n' | sort; printf '10\n9\n2\n' | sort -n; printf 'a\nb\na\n' | sort -u; printf '1\n2\n' | sort -r
#### sort keys
printf 'a 3\nb 1\nc 2\n' | sort -k2; printf 'x:10\ny:9\n' | sort -t: -k2 -n; printf 'a 2\na 1\nb 0\n' | sort -k1,1 -k2,2nr; printf '1K\n2\n1M\n' | sort -h
#### uniq
printf 'a\na\nb\na\n' | uniq; printf 'a\na\nb\n' | uniq -c; printf 'a\na\nb\n' | uniq -d; printf 'a\na\nb\n' | uniq -u
#### cut
echo a:b:c | cut -d: -f2; echo a:b:c | cut -d: -f2-; echo abcdef | cut -c2-4; echo 'no delim' | cut -d: -f1; echo a:b | cut -d: -f1 -s --output-delimiter=-
#### tr
echo hello | tr a-y b-z; echo 'a  b' | tr -s ' '; echo abc123 | tr -d 0-9; echo abc | tr -c 'a\n' x; echo Hello | tr '[:upper:]' '[:lower:]'
#### head tail
seq 1 20 | head -3; seq 1 20 | tail -2; seq 1 5 | head -n -3; seq 1 5 | tail -n +4; echo abcdef | head -c 3; echo; echo abc | tail -c 2
#### head several files
echo a >f; echo b >g; head f g; tail -n 1 f g
#### wc
printf 'a b\nc\n' >f; wc f; wc -l <f; wc -w f; wc -c f; wc -l f f; printf 'x' | wc -l
#### comm and paste
printf '1\n2\n3\n' >a; printf '2\n3\n4\n' >b; comm a b; comm -12 a b; comm -13 a b; paste a b; paste -sd, a
#### diff
printf 'a\nb\nc\n' >f; printf 'a\nX\nc\nd\n' >g; diff f g; echo $?; diff -u --label f --label g f g; diff -q f g; cmp f g; diff f f; echo $?
#### diff edges
printf 'a\n' >f; : >g; diff f g; diff -u --label f --label g g f; printf 'a' >h; diff f h
#### find
mkdir -p d/e; touch d/a.c d/e/b.c d/x.h; find d -name '*.c' | sort; find d -type d | sort; find d -maxdepth 1 -type f | sort; find . -name e -prune -o -name '*.h' -print
#### find actions
mkdir d; touch d/1 d/2; find d -type f -exec echo f {} \; | sort; find d -type f -exec echo {} + | wc -w; find d -name 1 -delete; ls d; find d -empty; find nosuch; echo $?
#### find printf
mkdir d; printf abc >d/f; find d -type f -printf '%f %s %p %h %P\n'; find d -newer d/f; find d -size -1k -type f; find d -perm 644 -o -type f | wc -l
#### ls
touch b a; mkdir d; ls; ls -1 -r; ls -d d; ls -a | head -2; ls -F; ls nosuch; echo $?
#### ls long
umask 022; touch f; mkdir d; ln -s f l; ls -l | grep -v total | cut -c1-10 | sort; ls -ld d | cut -c1-10; chmod 4755 f; ls -l f | cut -c1-10
#### cp
echo a >f; cp f g; cat g; mkdir d; cp f g d; ls d; cp -r d e; ls e; cp nosuch x; echo $?; cp d x; echo $?; cp f; echo $?
#### mv
echo a >f; mv f g; cat g; mkdir d; mv g d; ls d; mv nosuch x; echo $?; mv d e; ls
#### rm
touch a b; mkdir d; rm a; rm nosuch; echo $?; rm -f nosuch; echo $?; rm d; echo $?; rm -r d b; ls; rm; echo $?
#### mkdir rmdir
mkdir a; mkdir a; echo $?; mkdir -p x/y/z; rmdir x; echo $?; rmdir -p x/y/z; ls; mkdir -m 700 s; ls -ld s | cut -c1-10; mkdir no/such; echo $?
#### ln
echo a >f; ln -s f s; ln f h; readlink s; cat s h; ln -s nosuch b; cat b; echo $?; ls -l s | sed 's/.* s/s/'; ln f h; echo $?; ln -sf x s; readlink s
#### touch
touch a; touch -c nosuch; ls; touch -d '2020-01-02 03:04:05' a; date -r a '+%Y-%m-%d %T'; touch -d @0 a; stat -c %Y a
#### chmod
touch f; chmod 640 f; stat -c %a f; chmod u+x,g-r,o=rw f; stat -c '%a %A' f; chmod a-w f; stat -c %a f; chmod zz f; echo $?; chmod 755 nosuch; echo $?
#### stat
printf abc >f; stat -c '%n %s %F' f; stat -c %F .; stat --format=%h f; stat --printf='%s\n' f; stat nosuch; echo $?
#### basename dirname
basename /a/b.c; basename /a/b.c .c; basename -a x/y z; basename /; dirname /a/b/c; dirname a; dirname /; dirname a/b/
#### realpath readlink
mkdir -p a/b; ln -s a l; realpath --relative-to=. l/b; readlink -f l/b | sed 's/.*\///'; realpath nosuch/x; echo $?; readlink nosuch; echo $?
#### seq
seq 3; seq 2 4; seq 1 2 7; seq 3 -1 1; seq -w 8 11; seq -s, 1 4; seq 1 .5 2; seq -f '%03g' 2
#### date
date -u -d @0; date -d '2024-02-29 12:34:56' '+%F %T %j %a %b %e %y %s'; date -d '2024-01-31 +1 day' +%F; date -u -d @86400 --rfc-3339=seconds; date -d nonsense; echo $?
#### expr
expr 1 + 2; expr 5 \* 3; expr abc : 'a\(.\)c'; expr length hello; expr substr hello 2 3; expr 1 = 2; echo $?; expr 7 % 3; expr a \< b; expr index hello l
#### env
env -i A=1 env; env FOO=bar bash -c 'echo $FOO'; env nosuch; echo $?; printenv HOME >/dev/null && echo home; env -u HOME bash -c 'echo ${HOME-unset}'
#### xargs more
printf 'a\0b\0' | xargs -0 -n1 echo; echo 1 2 3 | xargs -n 2; : | xargs -r echo none; : | xargs echo empty; echo "a 'b c'" | xargs -n1; echo x | xargs false; echo $?
#### od and hexdump
printf 'AB\n' | od -c; printf 'AB\n' | od -An -tx1; printf 'hello world 12345' | hexdump -C; printf abc | xxd; printf abc | xxd -p
#### base64
printf 'hello\0world' | base64; printf aGVsbG8= | base64 -d; echo
#### nl tac rev fold
printf 'a\nb\n' | nl; printf 'a\nb\n' | tac; echo abc | rev; echo abcdefgh | fold -w 3; printf 'a b\nccc d\n' | column -t
#### cat options
printf 'a\n\n\nb\t\n' >f; cat -n f; cat -b f; cat -s f; cat -A f; cat f - <<< x; cat nosuch f; echo $?
#### tee append
echo a >f; echo b | tee -a f; cat f; echo x | tee /nosuch/x; echo $?
#### yes and timeout
yes no | head -2; timeout 0.1 sleep 5; echo $?; timeout 5 true; echo $?; timeout 5 bash -c 'exit 9'; echo $?; { timeout -s KILL 0.1 sleep 5; echo $?; } 2>/dev/null
#### sleep errors
sleep abc; echo $?; sleep; echo $?
#### which
which nosuch; echo $?; which bash | sed 's/.*\///'
#### mktemp
f=$(mktemp ./tmp.XXXXXX); [ -f $f ] && echo file; d=$(mktemp -d ./d.XXXX); [ -d $d ] && echo dir; mktemp -u XXXX | wc -c; mktemp badXX; echo $?
#### strings
printf 'ab\0hello\0\1world\n' | strings
#### split and join words
echo 'a,b,c' | tr , '\n' | paste -sd+; seq 3 | paste - - ; printf '%s\n' x y | sed 'p' | uniq -c
#### truncate
truncate -s 10 f; stat -c %s f; truncate -s 3 f; stat -c %s f; truncate -s +2 f; stat -c %s f
#### usage errors
ls --nosuch; echo $?; cut; echo $?; head -n x; echo $?; tail -n; echo $?; basename; echo $?
#### true help
true --nonsense; echo $?; test; echo $?
