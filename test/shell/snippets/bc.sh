#### bc arithmetic
echo '1+2*3; (1+2)*3; 7/2; 7%3; -7/2; -7%3; 2^10; 2^-1; 1-1; 10/3*3' | bc
#### bc scale
echo 'scale=5; 1/3; 2/3; 10/4; 1.5*1.25; 7%3; 7.5%2; .5; -.5; 0.10+0.1; 1.50' | bc; echo 'scale=3; sqrt(2); sqrt(16); 2^0.5; 1.23456*2' | bc 2>/dev/null
#### bc large
echo '2^100; 2^300; 100000000000000000000*99999999999999999999; (2^64-1)/3' | bc
#### bc variables
echo 'a=5; b=a*2; b; a+=3; a; a++; a; ++a; a--; a; x_y=2; x_y^3; (c=4); c' | bc; printf 'q[1]=2\nq[2]=q[1]*3\nq[2]\n' | bc
#### bc comparison and logic
echo '1<2; 2<=1; 3==3; 3!=3; !0; !5; 1&&0; 1||0; 1<2 && 2<3' | bc
#### bc control
printf 'for (i=0; i<3; i++) i\nwhile (i>0) { i--; if (i==1) continue; i }\nif (i==0) print "zero\\n" else print "not\\n"\nfor (;;) { if (++n > 3) break }\nn\n' | bc
#### bc functions
printf 'define f(n) {\n if (n < 2) return (1)\n return (n * f(n-1))\n}\nf(5)\nf(30)\ndefine g(a, b) { auto c; c = a + b; return c }\ng(2,3)\nc\ndefine h(x[]) { return x[0]+1 }\ny[0]=4\nh(y[])\n' | bc
#### bc bases
echo 'obase=16; 255; 4096; obase=2; 10; obase=10; ibase=16; FF; A; ibase=A; obase=8; 64.5' | bc; echo 'obase=20; 399' | bc
#### bc library
echo 'scale=10; e(1); l(2); s(1); c(1); a(1)*4; s(0); e(0); l(1); e(-2); j(0,1)' | bc -l; echo 'e(1); a(1)*4; l(10); s(3)' | bc -l
#### bc strings and print
printf '"hello\n"\nprint "a", 1+1, "\\t", "b\\n"\n"x"\n"y\n"\n1\n' | bc
#### bc comments and continuation
printf '/* a\n comment */ 1+1\n# line\n2 + \\\n3\n4;5\n' | bc
#### bc syntax errors
printf '1+\n2\n' | bc; echo $?; printf 'foo bar\n3\n' | bc; echo $?; echo '1)' | bc; printf '$\n4\n' | bc
#### bc files and quit
echo 'x=6' >f; printf 'x*7\n' | bc f; echo '1; quit; 2' | bc; printf '1\nhalt\n2\n' | bc; bc nosuch </dev/null; echo $?; echo 'length(12345); length(1.50); scale(1.50); last+1; .' | bc
#### bc precision
echo 'scale=2; 3.456*2.345; 3.456/2; 1/7*7; scale=0; 10^-2; 5.5%2; -5.5/2' | bc; echo '1.0*2; 1.25*1.5; 0.5*0.5; 00.5; 1.; 5.' | bc
