#### diff in two columns
printf 'a\nb\nc\nd\n' >x; printf 'a\nB\nc\ne\nf\ng\n' >y; diff -y x y; echo $?; diff -y -W 40 x y; diff -yt -W 33 x y; diff -y --suppress-common-lines x y; diff -y --left-column -W 50 x y
#### diff in two columns, equal files and empty ones
printf 'a\nb\n' >x; : >e; diff -y -W 30 x x; echo $?; diff -y -s -W 30 x x; diff -y -W 30 x e; diff -y -W 30 e x; diff -y -q x x; echo $?; diff -y -q x e
#### diff in two columns, tabs and long lines
printf 'a\tb\n\tindented\nshort\n' >x; printf 'a\tc\n\tindented\n%s\n' "$(seq -s' ' 1 60)" >y; diff -y x y; diff -y -W 60 y x; diff -yt -W 60 x y
#### diff in two columns, no newline at the end
printf 'a\nb' >x; printf 'a\nb\n' >y; diff -y -W 30 x y; diff -y -W 30 y x; printf 'a\nc' >z; diff -y -W 30 x z; echo; diff -y -W 30 z y
#### diff in two columns, odd widths
seq 1 3 >x; seq 2 4 >y; for w in 1 5 8 9 10 16 17 20 31 64 65; do echo "[$w]"; diff -y -W $w x y; diff -yt -W $w x y; done
#### diff in two columns, ignoring
printf 'a  b\nC\n\nd\n' >x; printf 'a b\nc\n\ne\n' >y; diff -y -b -W 40 x y; diff -y -i -W 40 x y; diff -y -w -i -W 40 x y
#### cp backs up
echo 1 >x; echo 2 >y; cp -b x y; ls; cat y y~; cp --backup x y; ls; cp -vb x y; cp -S .bak x y; ls; cp --suffix=.o -v x y; echo $?
#### cp numbers its backups
echo 1 >x; echo 2 >y; cp --backup=numbered x y; cp --backup=t x y; ls; cp -bv x y; cp --backup=existing -v x y; cp --backup=simple -v x y; cp --backup=none -v x y; ls; touch 'y.~20~' 'y.~x~'; cp -bv x y
#### backups by the environment
echo 1 >x; echo 2 >y; VERSION_CONTROL=numbered cp -b x y; SIMPLE_BACKUP_SUFFIX=.sav cp --backup=simple x y; ls; VERSION_CONTROL=what cp -b x y; echo $?
#### backups that make no sense
echo 1 >x; echo 2 >y; cp --backup=what x y; echo $?; cp --backup=n x y; echo $?; cp -bn x y; echo $?; mv --backup=num -v x y; ls
#### mv backs up
echo 1 >x; echo 2 >y; echo 3 >z; mv -b x y; ls; mv -vb z y; ls; mv --backup=t -v y~ y; ls; mkdir d; echo 4 >d/y; mv -bv y d; ls d
#### mv -b that would lose the source
echo 1 >x; echo 2 >x~; mv -b x~ x; echo $?; cp -b x~ x; echo $?; ls; cat x
#### ln backs up
echo 1 >x; echo 2 >y; ln -sb y x; ls; readlink x; ln -sbv y x; ln -sfbv y x; ln -b y z; ls
#### install and directories back up
mkdir d; echo 1 >x; echo 2 >d/x; install -b x d; ls d; cat d/x d/x~; cp -rb d e; cp -rb d/. e; ls e
#### nl numbers the body
printf 'a\n\nb\n' >x; nl x; nl -ba x; nl -bt x; nl -bn x; nl -bpb x; nl -b 'p^[ab]$' x
#### nl formats
seq 9 11 >x; nl -n ln x; nl -n rn -w 3 x; nl -n rz x; nl -n rz -w 2 -v -3 x; nl -s ': ' -w 1 x; nl -v 10 -i 5 x; nl -i -2 x; nl -s '' x; nl -ba -s ab /dev/null
#### nl joins blank lines
printf 'a\n\n\n\nb\n\n\nc\n' >x; nl -ba -l 2 x; nl -ba -l 3 x; nl -l 2 x
#### nl sections
printf '\\:\\:\\:\nhead\n\\:\\:\nbody\n\nmore\n\\:\nfoot\n\\:\\:\nagain\n' >x; nl x; nl -ha -fa x; nl -p -ha -fa x; sed 's/\\:/xx/g' x | nl -d xx; sed 's/\\:/%:/g' x | nl -d %; nl -d '' x
#### nl mistakes
for o in -bx -hx -fx -nxx '-v x' '-i x' '-l 0' '-w 0' '-w x' '-b p\('; do nl $o /dev/null; echo $?; done; nl nofile; echo $?
