#### awk print
printf '1 2 3\n4 5 6\n' | awk '{print $1, $3}'; echo 'a:b:c' | awk -F: '{print $2}'; echo 'x=1;y' | awk -F'[=;]' '{print $2 $3}'
#### awk patterns
seq 1 5 | awk '$1 > 2 && $1 < 5'; printf 'ab\ncd\n' | awk '/c/'; seq 5 | awk 'NR==2,NR==4'; seq 3 | awk 'END {print NR}'
#### awk variables
echo 'a b c' | awk '{print NF, $NF, $(NF-1)}'; awk -v x=5 'BEGIN {print x+1}'; echo 1 2 | awk '{$2="x"; print; print NF}' OFS=-
#### awk arrays
printf 'a\nb\na\n' | awk '{c[$1]++} END {print c["a"], c["b"]; for (k in c) n++; print n; if ("z" in c) print "z"; delete c["a"]; print length(c)}'
#### awk control
awk 'BEGIN {for (i=0;i<3;i++) print i; while (i>0) i--; print i; do {i++} while (i<5); print i; if (i==5) print "five"; else print "no"}'
#### awk functions
awk 'BEGIN {print length("hello"), substr("hello",2,3), index("hello","l"), toupper("a"), tolower("B"); s="aXbXc"; n=gsub("X","-",s); print n, s; sub("-","+",s); print s; print split("a b c",p), p[2]; print match("foobar","o+"), RSTART, RLENGTH}'
#### awk printf
awk 'BEGIN {printf "%s %d %5.2f|%-5s|%05d %x %c\n", "a", 3.9, 3.14159, "l", 42, 255, 65; print 1/4, 100000000, 0.1+0.2, 1e6, 3.0}'
#### awk user function
awk 'function f(n) {return n<=1 ? 1 : n*f(n-1)} BEGIN {print f(5)}'
#### awk getline
printf 'a\nb\n' | awk '{getline; print}'; echo x >f; awk 'BEGIN {while ((getline l < "f") > 0) print "got", l; "echo cmd" | getline v; print v}'
#### awk strings
awk 'BEGIN {x = "a" "b"; print x x; print "3"+4, "3x"+1; print (2<10), ("2"<"10"); print 1==1.0, "a"<"b"; print !0, -"5"}'
#### awk regex
echo 'foo bar' | awk '$1 ~ /^f/ {print "yes"} $2 !~ /x/ {print "no"}'; echo a.b | awk -F. '{print $2}'; echo 'a|b' | awk -F'|' '{print $2}'
#### awk output
awk 'BEGIN {print "x" > "f"; print "y" > "f"; close("f"); while ((getline l < "f") > 0) print l; print "b\na" | "sort"}'
#### awk range and next
seq 1 5 | awk '$1==2 {next} {print} $1==4 {exit 3} END {print "end"}'; echo $?
#### awk special
printf 'a b\n' | awk 'BEGIN{RS=" "} {print NR": "$0}'; awk 'BEGIN {print ARGC, ARGV[1]}' x; echo $(awk 'BEGIN{print ENVIRON["HOME"]}')
#### awk ternary and in
awk 'BEGIN {x=5; print (x>3?"big":"small"); print (x in a)?1:0; a[1,2]=3; for (k in a) {split(k,p,SUBSEP); print p[1],p[2]}; print 2^3, 7%3, x++ + ++x}'
