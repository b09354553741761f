#### operators
echo $((7+3)) $((7-3)) $((7*3)) $((7/3)) $((7%3)) $((2**10)) $((-7/2)) $((-7%3))
#### bits
echo $((5&3)) $((5|3)) $((5^3)) $((~5)) $((1<<4)) $((256>>2)) $((-1>>1))
#### comparison
echo $((1<2)) $((2<=2)) $((3>4)) $((3>=4)) $((1==1)) $((1!=1))
#### logic
echo $((1&&0)) $((1||0)) $((!5)) $((!0)) $((0&&(x=5))) "$x"
#### ternary nested
echo $((1?2:3)) $((0?2:0?3:4))
#### assignment operators
x=10; echo $((x+=5)) $((x-=3)) $((x*=2)) $((x/=4)) $((x%=4)) $((x<<=3)) $((x|=1)) $x
#### increments
x=5; echo $((x++)) $x $((++x)) $x $((x--)) $((--x)) $x
#### comma
echo $((a=1,b=2,a+b)) $a $b
#### bases
echo $((0x1f)) $((010)) $((2#101)) $((16#ff)) $((36#z)) $((64#_))
#### sixty-four bits
echo $((9223372036854775807+1)) $((1<<63)) $((1<<62)) $((0xffffffffffffffff))
#### precedence
echo $((2+3*4)) $(((2+3)*4)) $((2**3**2)) $((-2**2)) $((1+2<<1)) $((1|2&3))
#### variables as expressions
a=b; b=c; c=7; echo $((a)) $((a+1)); x='1+2'; echo $((x*2))
#### unset is zero
echo $((nosuch)) $((nosuch+1))
#### array elements
a=(1 2 3); echo $((a[0]+a[2])) $((a[1]++)) ${a[1]}; i=2; echo $((a[i]))
#### associative
declare -A m=([x]=5); echo $((m[x]+1)); ((m[y]=3)); echo ${m[y]}
#### division by zero
echo $((1/0)); echo not reached
#### division by zero command
((1/0)); echo $?
#### bad octal
echo $((08)); echo after
#### syntax error
echo $((1+)); echo after
#### arithmetic command
((5>3)) && echo yes; ((0)); echo $?; ((x=3)); echo $x $?
#### let
let x=5 y=x+1; echo $x $y $?; let z=0; echo $?
#### let with spaces
let "x = 3 + 4" 'y = x * 2'; echo $x $y
#### for loop
for ((i=0;i<3;i++)); do echo $i; done
#### for loop empty parts
i=0; for ((;;)); do ((i++ > 2)) && break; done; echo $i
#### for loop continue
for ((i=0;i<5;i++)); do ((i%2)) && continue; echo $i; done
#### while arithmetic
i=3; while ((i--)); do echo $i; done
#### declare -i
declare -i n=3; n+=4; echo $n; n=2*3; echo $n; n=abc; echo $n
#### hex printf
printf '%x %X %o %d\n' 255 255 8 0x10
#### whitespace
echo $((  1 + 2  )) $((1
+2))
#### substitution inside
x=2; echo $(( $(echo 3) + $x + ${x} ))
#### negative shift and unary
echo $((- -5)) $((+5)) $((- 5 + 3)) $((!!7))
#### string with spaces
x=' 5 '; echo $((x+1))
#### exponent negative
echo $((2**-1)); echo after
