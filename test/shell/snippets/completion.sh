#### compgen -W
compgen -W 'one two "th ree" $HOME' t; echo $?
IFS=:; compgen -W 'a b:c' ; echo $?
compgen -W 'x' y; echo $?
#### compgen -P -S -X
compgen -P '<' -S '>' -W 'a ab b' a
compgen -X 'a*' -W 'a ab b' ; compgen -X '!a*' -W 'a ab b'
compgen -X '!&*' -W 'aa ab b' a
#### compgen of files
mkdir d; touch f1 f2 'f 3'; compgen -f f | sort; compgen -d; compgen -G 'f*' | sort; compgen -o plusdirs -f f1
#### compgen of the shell's own names
f_one() { :; }; f_two() { :; }; x_a=1 x_b=2; alias zz=1
compgen -A function f_; compgen -v x_; compgen -a z; compgen -k wh; compgen -b ec; compgen -A signal SIGUSR
arr=(1); compgen -A arrayvar arr; compgen -A setopt err; compgen -A shopt nullg
#### complete, and what it was told
complete -W 'a b' c1; complete -F fn -o nospace c2; complete -A user -P x c3; complete -D -C ls
complete -p c1; complete -p c2; complete -p c3; complete -p none; echo $?
complete -r c1; complete -p c1; complete -r none; echo $?
#### compopt
complete -F fn c2; compopt -o nospace c2; complete -p c2; compopt +o nospace c2; complete -p c2
compopt -o nospace none; echo $?; compopt -o bad c2; echo $?; compopt; echo $?
#### completion: mistakes
compgen -o nope; echo $?; compgen -A nope; echo $?; complete -Z; echo $?; complete -F; echo $?
