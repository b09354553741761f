#### patch applies
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; patch f p; echo $?; cmp f g; ls
#### patch from standard input with -p
mkdir a b; seq 1 9 >a/f; sed 's/5/five/' a/f >b/f; diff -u a/f b/f >p; cp a/f f; patch -p1 <p; echo $?; cat f; patch -p1 -R <p; cat f
#### patch offset
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; (seq 100 102; cat f) >h; patch h p; echo $?; ls; sed -n 13p h
#### patch negative offset
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; sed 1d f >h; patch h p; echo $?; ls
#### patch fuzz
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; sed 's/^7$/seven/' f >h; patch h p; echo $?; ls; sed 's/^8$/eight/' f >h; patch h p; patch -F0 h p; cat h
#### patch fuzz and offset
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; (echo x; sed 's/^7$/seven/' f) >h; patch h p; echo $?
#### patch rejects
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u --label f --label g f g >p; sed 's/^10$/x/' f >h; patch h p; echo $?; cat h.rej; cmp h h.orig; ls
#### patch several hunks
seq 1 40 >f; sed 's/^5$/five/; s/^20$/twenty/; s/^35$/x\ny/' f >g; diff -u --label f --label g f g >p; sed 's/^20$/z/' f >h; patch h p; echo $?; cat h.rej; (echo a; cat f) >h; patch h p; sed 's/^6$/a\nb\n6/' f >h; patch h p
#### patch creates and removes
mkdir a b; echo old >a/o; echo new >b/n; diff -urN a b >p; cp a/o .; patch -p1 -i p; echo $?; ls; patch -p1 -R -i p; ls
#### patch creates a folder
mkdir -p a b/d/e; echo new >b/d/e/n; diff -urN a b >p; patch -p1 -i p; cat d/e/n; rm -r d; mkdir w; patch -d w -p1 -i ../p; cat w/d/e/n
#### patch a file that should not be there
mkdir a b; echo new >b/n; diff -urN a b >p; echo x >n; patch -p1 -i p; echo $?; patch -p1 -N -i p; patch -p1 -f -i p; echo $?; cat n; ls
#### patch a file that should go and stays
mkdir a b; echo old >a/o; diff -urN a b >p; (cat a/o; echo more) >o; patch -p1 -i p; echo $?; cat o; ls
#### patch twice
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u --label f --label g f g >p; patch f p; patch f p; echo $?; cat f.rej; patch -N f p; echo $?; patch -t f p; echo $?; patch -R f p; echo $?; patch -N -r - f p; ls
#### patch dry run
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; patch --dry-run f p; echo $?; cmp f g; patch f p; patch --dry-run f p; echo $?; ls
#### patch dry run that fails
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; sed -i 's/^10$/x/' f; patch --dry-run f p; echo $?; ls
#### patch backups
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u f g >p; cp f h; patch -b h p; cmp f h.orig; cp f h; patch -b -z .old h p; cmp f h.old; cp f h; patch -b -B pre- h p; ls; patch -s -R h p; cmp f h
#### patch output and reject files
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u --label f --label g f g >p; patch -o out f p; cmp out g; cmp f g; sed 's/^10$/x/' f >h; patch -r my.rej h p; ls
#### patch finds no file
mkdir a b; seq 1 9 >a/f; sed 's/5/five/' a/f >b/f; diff -u --label a/f --label b/f a/f b/f >p; rm -r a b; patch -p1 -i p; echo $?; patch -i p; echo $?; patch -p0 -f -i p; echo $?
#### patch garbage
echo x >f; echo garbage >p; patch f p; echo $?; : >e; patch f e; echo $?; patch -i nosuch; echo $?; patch -d nosuch -i p; patch f p c; echo $?
#### patch malformed
seq 1 20 >f; sed 's/^10$/ten/; s/^12$/x/' f >g; diff -u --label f --label g f g >p; sed 7s/^./z/ p >q; patch f q; echo $?
#### patch not a file
seq 1 20 >f; sed 's/^10$/ten/' f >g; diff -u --label f --label g f g >p; mkdir d; patch d p; echo $?; cat d.rej | head -3; patch nosuch p; echo $?
#### patch newline at end of file
printf 'a\nb' >f; printf 'a\nb\n' >g; diff -u f g >p; cp f h; patch h p; cmp g h; patch -R h p; cmp f h; diff -u --label f --label g f g
#### patch at the ends of a file
seq 1 5 >f; (echo 0; cat f) >g; diff -u f g >p; cp f h; patch h p; (seq 7 9; cat f) >h; patch h p; echo $?; (cat f; echo 6) >g; diff -u f g >p; cp f h; patch h p; (cat f; seq 7 9) >h; patch h p; echo $?
#### patch a git diff
seq 1 9 >f; cat >p <<'X'
From 0123 Mon Sep 17 00:00:00 2001
From: A U Thor <a@b>
Subject: [PATCH] five

---
 f | 2 +-

diff --git a/f b/f
index 1234567..89abcde 100644
--- a/f
+++ b/f
@@ -2,7 +2,7 @@ 1
 2
 3
 4
-5
+five
 6
 7
 8
-- 
2.40.1

X
patch -p1 <p; echo $?; cat f
#### patch options that are none
patch --nosuch; echo $?; patch -p; echo $?; patch -pX -i /dev/null; echo $?
#### patch without -p takes the last part of the name
mkdir -p a/d b/d; echo 1 >a/d/f; echo 2 >b/d/f; diff -u a/d/f b/d/f >p; cp a/d/f f; patch <p; cat f
#### patch backs up mode
echo 1 >f; echo 2 >g; diff -u f g >p; chmod 741 f; patch -b f p; stat -c %a f f.orig
#### patch reads lines that end with CR LF without the CR
printf '%s\n' a b c >f; sed s/b/B/ f >g; diff -u f g | sed 's/$/\r/' >p; cp f k; patch --dry-run f <p; patch f <p; cat f; patch -s k <p; cat k
#### patch reads nothing
patch -p1 </dev/null; echo $?
