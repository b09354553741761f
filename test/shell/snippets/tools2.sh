#### dd copies
printf 'hello world' >f; dd if=f of=g status=none; cat g; echo; dd if=f bs=4 count=2 status=none; echo; dd if=f bs=1 skip=6 status=none; echo; dd <f bs=5 count=1 status=noxfer
#### dd records
seq 1 100 >f; dd if=f of=g bs=100 status=noxfer; dd if=/dev/zero of=z bs=1k count=3 status=noxfer; wc -c <z; dd if=f of=h ibs=10 obs=100 count=5 status=noxfer; printf abc | dd bs=2 status=noxfer
#### dd seek and notrunc
printf 'aaaaaaaa' >f; printf 'BB' | dd of=f bs=1 seek=3 conv=notrunc status=none; cat f; echo; printf 'CC' | dd of=f bs=1 seek=3 status=none; cat f; echo; printf x | dd of=n bs=4 seek=2 status=none; od -c n
#### dd conversions
printf 'Abc' | dd conv=ucase status=none; echo; printf 'ABC' | dd conv=lcase status=none; printf 'abcd' | dd conv=swab status=none; printf ab | dd bs=4 conv=sync status=noxfer | od -c
#### dd errors
dd if=nosuch; echo $?; dd if=/dev/null of=/nosuch/f; echo $?; dd foo; echo $?; dd bs=0 </dev/null; echo $?; dd conv=x </dev/null; echo $?; dd status=x; echo $?; dd bs=z; echo $?; dd --nosuch; echo $?
#### dd bytes
printf 'hello world' >f; dd if=f count=5 iflag=count_bytes status=none; echo; dd if=f skip=6B bs=1 status=none 2>&1; echo; dd if=f of=g conv=excl status=none; dd if=f of=g conv=excl; echo $?; dd if=f of=q conv=nocreat; echo $?
#### join
printf 'a 1\nb 2\nd 4\n' >x; printf 'a A\nc C\nd D\n' >y; join x y; join -a1 x y; join -a2 x y; join -v1 x y; join -v 1 -v 2 x y; join -o 1.2,2.2,0 x y; join -a1 -a2 -e - -o auto x y
#### join fields and separators
printf '1:a\n2:b\n' >x; printf 'a,1\nb,2\n' | tr , : >y; join -t: -1 1 -2 2 x y; join -t: -1 2 -2 1 x y; printf 'A 1\n' >p; printf 'a 2\n' >q; join p q; join -i p q; join -j 2 p q; printf 'k v\na 1\n' >h; printf 'k w\na 2\n' >i; join --header h i
#### join errors
printf 'b 1\na 2\n' >x; printf 'a 1\nb 2\n' >y; join x y; echo $?; join --check-order x y; echo $?; join x; echo $?; join; echo $?; join x nosuch; echo $?; join -1 z x y; echo $?; join -a3 x y; join x y z; join - x <y; echo $?
#### join repeats
printf 'a 1\na 2\n' >x; printf 'a 3\na 4\n' >y; join x y; printf 'a 1\n' >p; printf '' >q; join p q; join -a1 p q
#### split lines
seq 1 5 >f; split -l 2 f; ls; head x*; split -2 -d f n; ls n*; split -n 2 f p; wc -c p*; split -n l/2 f q; wc -l q*
#### split bytes
printf abcdefghij >f; split -b 4 f; head x*; echo; split -b 1k f k; ls k*; split -C 5 f c; ls c*; split -a 3 -b 5 f --additional-suffix=.t; ls *.t; split --verbose -b 9 f v; cat f | split -b 5 - s; ls s*
#### split many
seq 1 30 >f; split -l 1 f; ls | wc -l; ls | tail -2; split -x -l 10 f h; ls h*; split -a1 -l1 f z; echo $?
#### split errors
split nosuch; echo $?; echo x >f; split -l 0 f; echo $?; split -b x f; echo $?; split f a b; echo $?; split -n 0 f; echo $?; split .; echo $?
#### shuf
shuf -i 1-9 | sort | tr '\n' ' '; shuf -e a b c | sort | tr '\n' ' '; seq 1 20 | shuf | sort -n | md5sum; shuf -n 2 -i 1-9 | wc -l; shuf -r -n 5 -e x; shuf -i 3-1; echo $?; shuf -n x; echo $?; shuf nosuch; echo $?; seq 3 | shuf -o f; wc -l f; shuf a b; echo $?
#### expand and unexpand
printf 'a\tb\t\tc\n\td\n' | expand; printf 'a\tb\n' | expand -t4; printf 'a\tb\n' | expand -4; printf '\ta\tb\n' | expand -i; printf 'a\tb\tc\td\n' | expand -t 3,6; printf '        a       b\n' | unexpand | cat -T; printf '        a       b  c\n' | unexpand -a | cat -T; printf '    a   b\n' | unexpand -t4 | cat -T; expand -t0; echo $?; expand -tx; echo $?; expand nosuch; echo $?
#### factor
factor 12 97 1 0 2 1000000007 9007199254740993 18446744073709551615; echo 360 7 | factor; factor x; echo $?; factor -- -5; echo $?; factor 1234567890123456789
#### numfmt
numfmt --to=iec 1024 1536 1000000 999 0; numfmt --to=si 1000 1500 999999; numfmt --from=iec 1K 2M 1.5G; numfmt --from=si 1K; numfmt --to=iec-i 2048; numfmt --padding=8 --to=si 5000; numfmt --to=iec --suffix=B 4096; numfmt 5K; echo $?; numfmt x; echo $?; echo 'a 2048 b' | numfmt --field=2 --to=iec
#### tsort
printf 'a b\nb c\na c\n' | tsort; printf 'x x y z\n' | tsort; printf 'a b\nb a\n' | tsort; echo $?; printf 'a\n' | tsort; echo $?; tsort nosuch; echo $?; tsort a b; echo $?
#### link and unlink
echo x >f; link f g; cat g; link f g; echo $?; link nosuch h; unlink g; ls; unlink nosuch; echo $?; unlink; echo $?; link f; link f g h; unlink a b; mkdir d; unlink d; echo $?
#### md5 of many
for i in '' a abc 'message digest' 12345678901234567890123456789012345678901234567890123456789012345678901234567890; do printf '%s' "$i" | md5sum; printf '%s' "$i" | sha1sum; printf '%s' "$i" | sha512sum; done
