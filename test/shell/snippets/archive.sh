#### tar create and list
mkdir d; echo hello >d/f; chmod 640 d/f; touch -d '2026-01-02 03:04:05' d/f d; tar cf a.tar d; tar tf a.tar; tar tvf a.tar; wc -c <a.tar; tar cvf b.tar d/f; tar --create --verbose --file=c.tar d
#### tar extract
mkdir d; echo hello >d/f; chmod 750 d/f; ln -s f d/l; touch -d '2026-01-02 03:04:05' d/f; tar cf a.tar d/f d/l; mkdir o; tar xvf a.tar -C o; cat o/d/f; stat -c '%a %Y' o/d/f; readlink o/d/l; tar xf a.tar -C o --strip-components=1 d/f; cat o/f
#### tar with gzip
mkdir d; seq 1 1000 >d/f; tar czf a.tgz d; tar tzf a.tgz; tar tf a.tgz; tar xzOf a.tgz d/f | tail -1; tar caf b.tar.gz d; gzip -t b.tar.gz; echo $?; zcat a.tgz | tar tf -; tar c d | gzip | tar tz
#### tar old and new option styles
echo x >f; tar cvf a.tar f; tar -c -v -f a.tar f; tar -cvfa.tar f; tar tf a.tar; tar -tvf a.tar | wc -l; tar xfC a.tar . ; ls
#### tar named members
echo 1 >a; echo 2 >b; echo 3 >c; tar cf t.tar a b c; tar tf t.tar b; tar tf t.tar nosuch; echo $?; rm a b c; tar xvf t.tar c a; ls; tar tf t.tar '[ab]'; echo $?; tar --wildcards -tf t.tar '[ab]'
#### tar errors
tar xf nosuch.tar; echo $?; tar xzf nosuch.tgz; echo $?; tar cf a.tar nosuch; echo $?; tar cf a.tar; echo $?; tar; echo $?; echo hi >f; tar tf f; echo $?; tar --nosuch; echo $?; tar -q; echo $?; tar -tf; echo $?
#### tar more errors
echo x >f; tar cf a.tar f; tar xf a.tar -C nodir; echo $?; tar xzf a.tar; echo $?; tar tf /dev/null; echo $?; tar xtf a.tar; echo $?; tar xkf a.tar; echo $?
#### tar absolute names
mkdir -p d; echo x >d/f; tar cf a.tar "$PWD/d/f" 2>&1 | sed "s#$PWD#P#"; tar tf a.tar | sed 's#.*/d/f#D#'; cd d; tar cf b.tar ../d/f; tar tf b.tar
#### tar append, exclude, files from
echo 1 >a; echo 2 >b; tar cf t.tar a; tar rvf t.tar b; tar tf t.tar; mkdir d; touch d/x.o d/y.c; tar --exclude='*.o' -cf e.tar d; tar tf e.tar; printf 'a\nb\n' >l; tar cf f.tar -T l; tar tf f.tar
#### tar hard links and diff
echo x >a; ln a b; tar cf t.tar a b; tar tvf t.tar | sed 's/20..-..-.. ..:../T/'; rm a b; tar xf t.tar; [ a -ef b ] && echo same; tar df t.tar; echo $?; t=$(stat -c %y a); echo yy >>a; touch -d "$t" a; tar df t.tar; echo $?
#### tar long names
n=$(printf 'x%.0s' {1..60}); mkdir -p $n/$n; echo deep >$n/$n/f; tar cf a.tar $n/$n/f; tar tf a.tar | wc -c; rm -r $n; tar xf a.tar; cat $n/$n/f
#### tar archive into itself
echo x >f; tar cf q.tar f; tar cvf q.tar q.tar f; tar tf q.tar
#### gzip and back
echo hello >f; gzip f; ls; gunzip f.gz; cat f; gzip -k f; ls; gunzip -c f.gz; zcat f.gz; zcat f; gzip -d f.gz; echo $?; rm f; gzip -d f.gz; ls
#### gzip errors
gzip nosuch; echo $?; echo x >f; gunzip f; echo $?; mkdir d; gzip d; echo $?; gzip f; gzip f.gz; echo $?; echo x >f; gzip f; echo $?; gunzip f.gz; echo $?; zcat nosuch; echo $?; gzip --nosuch; echo $?
#### gzip damaged
printf xyzzy >b.gz; gunzip b.gz; echo $?; zcat b.gz; echo $?; : | zcat; echo $?; seq 1 1000 | gzip | head -c 40 >t.gz; gunzip t.gz; echo $?; ls; seq 1 9 | gzip >g.gz; printf '\0' | dd of=g.gz bs=1 seek=28 conv=notrunc 2>/dev/null; gzip -t g.gz; echo $?
#### gzip options
seq 1 100 >f; gzip -9kv f >/dev/null 2>&1; gzip -l f.gz | tail -1 | grep -o "292 "; gzip -c f | gzip -dc | tail -1; gzip -t f.gz; echo $?; gzip -S .z f; ls; gunzip -S .z f.z; gzip -n <f | gunzip | head -1; cat f.gz f.gz | zcat | wc -l; gzip -f f; ls; mkdir -p d/e; touch d/e/x; gzip -r d; find d
#### checksums
printf 'hello\n' >f; : >e; md5sum f e; sha1sum f e; sha256sum f; sha224sum f; sha384sum f; sha512sum e; b2sum f; cksum f e; sum f; sum -s f; md5sum <f; echo abc | sha256sum -; cksum <f
#### checksums checked
echo 1 >a; echo 2 >b; md5sum a b >l; md5sum -c l; echo x >b; md5sum -c l; echo $?; md5sum -c --quiet l; md5sum -c --status l; echo $?; rm a; md5sum -c l; echo $?; md5sum -c --ignore-missing l; echo $?
#### checksums badly formed
echo 1 >a; echo garbage >l; sha256sum -c l; echo $?; sha256sum a >>l; sha256sum -c l; echo $?; sha256sum -c --strict l; echo $?; sha256sum -cw l; md5sum nosuch; echo $?; md5sum .; echo $?; sha1sum -c nosuch
#### checksums tagged
echo 1 >a; sha256sum --tag a; sha256sum --tag a | sha256sum -c; sha256sum -b a; md5sum -z a | tr '\0' N; echo; md5sum --nosuch
