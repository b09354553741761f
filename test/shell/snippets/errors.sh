#### no such file: redirections
cat <nope; echo $?; echo x >nope/x; echo $?; echo x >>nope/x; . ./nope; echo $?
#### no such file: exec keeps the shell
exec 5<nope; echo $?; exec 5>nope/x; echo $?; echo still here
#### no such file: programs
cat nope; cp nope x; mv nope x; rm nope; rmdir nope; touch nope/x; ln nope x; chmod 600 nope; head -n1 nope; tail -n1 nope; wc nope; sort nope; stat nope; readlink nope; ls nope; cd nope; echo $?
#### no such file: more programs
grep x nope; echo $?; sed p nope; echo $?; cut -c1 nope; tee nope/x </dev/null; du nope; find nope; diff nope nope2; cmp nope nope2; mkdir nope/x; mkdir -p ""; tr a b <nope; dirname nope/x
#### no such program
nope; echo $?; ./nope; echo $?; /nope/nope; echo $?; command nope; exec nope; echo not here
#### a directory
mkdir d; cat d; echo x >d; echo $?; d/; ./d; echo $?; rm d; cp d e; head -c1 d; echo $?; cat <d; wc -l d; source d; mv d/. e; grep x d; sed p d; rmdir d/.
#### not a directory
touch f; cd f; cat f/x; mkdir f/x; touch f/x; rm f/x; rmdir f; ls f/; echo x >f/x; mkdir -p f/x/y; cp /etc/passwd f/; f/x; echo $?
#### file exists
mkdir d; touch f; mkdir d; mkdir f; ln f f; ln -s x f; ln -s x d/y; ln -s x d/y; mkfifo f; set -C; echo x >f; echo $?
#### not empty
mkdir -p d/e; rmdir d; mv -T d/e d; echo $?; mkdir e; touch e/x d/f; mv -T d e; echo $?
#### no space left
echo x >/dev/full; echo $?; printf x >/dev/full; echo $?; echo x | cat >/dev/full; echo $?; seq 3 >/dev/full; echo $?; head -c5 /dev/zero >/dev/full
#### no space left: more
yes >/dev/full; echo $?; ls / >/dev/full; echo $?; pwd >/dev/full; echo $?; type cd >/dev/full; echo $?; echo x | tee /dev/full; echo $?; sed -n p /etc/passwd >/dev/full; echo $?; tr a b </etc/passwd >/dev/full; echo $?
#### no space left: the error does not stay
{ echo x; echo $?; } >/dev/full; echo $?; echo fine
#### broken pipe
trap '' PIPE; { sleep .1; echo x; echo $? >&2; } | true; { sleep .1; printf x; echo $? >&2; } | true; echo ${PIPESTATUS[@]}
#### broken pipe: programs
trap '' PIPE; { sleep .1; cat /etc/passwd; echo $? >&2; } | true; { sleep .1; seq 9; echo $? >&2; } | true; { sleep .1; head -c9 /dev/zero; echo $? >&2; } | true
#### broken pipe: killed
yes | true; echo ${PIPESTATUS[@]}; bash -c 'sleep .1; echo x; echo y >&2' | true; echo ${PIPESTATUS[@]}
#### bad descriptor
echo x >&7; echo $?; cat <&7; echo $?; exec 7>&-; echo $?; read x <&7; echo $?; echo x >&-; echo $?
#### loops of links
ln -s a b; ln -s b a; cat a; cd a; echo x >a; mkdir a/x; a/x; echo $?; ls a; stat a/x
#### a name too long
n=$(printf '%0300d' 1); cat $n 2>&1 | tail -c 21; echo x >$n 2>/dev/null; echo $?; mkdir $n 2>&1 | tail -c 21; cd $n 2>&1 | tail -c 21
#### permission denied: what is no program
echo text >f; ./f; echo $?; mkdir d; d; echo $?; d/; chmod 644 f; bash -c ./f; echo $?; env ./f; echo $?
#### wrong format
printf '\0\1\2\3' >f; chmod +x f; ./f; echo $?; printf '#!/nope/sh\n' >g; chmod +x g; ./g; echo $?; printf 'echo plain\n' >h; chmod +x h; ./h; echo $?
#### another file system
ln /proc/version x; echo $?; mv /proc/version x; echo $?; ls
#### proc refuses
echo 1 >/proc/version; echo $?; rm -f /proc/version; mkdir /proc/x; touch /proc/x; echo x >/proc/x; echo $?; cp /etc/passwd /proc/; mkdir -p /proc/a/b; mkfifo /proc/x; ln -s a /proc/x; mkdir /proc/self/x; touch /proc/sys/x
#### fifos
mkfifo f; mkfifo f; mkfifo nope/x; mknod p p; mknod p p; mknod; mknod x; mknod x q; mknod x c; mknod x c a 1; mknod x p 1 2; mkfifo; mkfifo -m xx z; ls
#### fifo: modes
umask 022; mkfifo f; mkfifo -m 600 g; mknod -m 640 h p; stat -c '%A %F' f g h; test -p f; echo $?; umask 077; mkfifo k; stat -c %a k
#### fifo: both ends wait
mkfifo f; (echo from writer >f) & cat f; wait; (cat f) & echo from here >f; wait; exec 3<>f; echo both >&3; read x <&3; echo $x
#### fifo: many writers, end of file with the last
mkfifo f; (exec 3>f; echo a >&3; sleep .2; echo b >&3) & cat f; wait; timeout .2 cat f; echo $?; timeout .2 bash -c 'echo x >f'; echo $?
