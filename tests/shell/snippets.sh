echo hello world
%%
echo "a\nb"
%%
echo -n x; echo -e y
%%
printf '%s-%d\n' a 1 b 2
%%
printf '%5s|%-5s|%05d|%x\n' a b 7 255
%%
printf 'no newline'
%%
printf '%s\n'
%%
printf '%d\n' abc
%%
cat x
%%
cat d
%%
cat f g
%%
cat f x g; echo $?
%%
cat < f
%%
cat < nofile
%%
ls
%%
ls d full
%%
ls x
%%
ls -a d
%%
ls f d x
%%
rm x
%%
rm d
%%
rm -f x; echo $?
%%
rm -r d; ls
%%
rm
%%
rmdir full
%%
rmdir d/sub
%%
rmdir x
%%
mv x y
%%
mv f x/y
%%
mv d d/e
%%
mv f h; cat h; ls f
%%
mv f d; ls d
%%
mv f g full; ls full
%%
mv f g h
%%
cp x y
%%
cp d e
%%
cp f x/y
%%
cp f h; cat h
%%
cp f g d; ls d
%%
cp -r d e; ls e; cat e/sub/s
%%
cp f
%%
cp
%%
cp f f
%%
mkdir d
%%
mkdir x/y
%%
mkdir -p x/y/z; ls x/y
%%
mkdir
%%
chmod 600 x
%%
chmod zzz f
%%
chmod 600
%%
chmod 600 f; stat -c %a f
%%
chmod u+x,g-r f; stat -c %a f
%%
chmod +x f; stat -c %a f
%%
chmod a=r f; stat -c %a f
%%
chown nosuch f
%%
ln -s f h; readlink h
%%
ln -s f g
%%
ln f g
%%
ln x y
%%
ln d h
%%
ln f h; echo more >> h; cat f
%%
touch x/y
%%
touch new; ls new
%%
truncate -s 5 x/y
%%
truncate -s 3 f; wc -c f
%%
truncate -s 10 new; wc -c new
%%
truncate f
%%
truncate -s zz f
%%
foo
%%
./script
%%
chmod +x script; ./script
%%
> /x/y
%%
> d
%%
cd x
%%
cd f
%%
cd d && cd sub && cat s
%%
false || echo no
%%
true && echo yes || echo no
%%
! true; echo $?
%%
x=1; echo $x ${x:-2} ${y:-3} "${y-4}" ${x:+5}
%%
x="a b"; printf '[%s]\n' $x "$x"
%%
echo $(cat f) `cat g`
%%
echo "$(cat lines)"
%%
echo $(cat lines)
%%
for i in a b c; do echo $i; done
%%
for i in *; do echo $i; done
%%
echo *; echo d/*; echo z*; echo '*' "*"
%%
echo [fg] ?
%%
if [ -f f ]; then echo file; elif [ -d f ]; then echo dir; else echo none; fi
%%
[ 1 -lt 2 ] && echo less
%%
test -e x; echo $?
%%
[ a = a -a b != c ]; echo $?
%%
[ x -eq 1 ]
%%
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
%%
echo $((2+3*4)) $(( (1+2) % 2 )) $((10/3))
%%
cat <<E
a $x b $(echo c)
E
%%
cat <<'E'
a $x b
E
%%
cat <<-E
	tabbed
	E
%%
cat > new <<E
line
E
cat new
%%
echo a > f; cat f; echo b >> f; cat f
%%
echo err >&2
%%
ls x 2>/dev/null; echo $?
%%
ls x > out 2>&1; cat out
%%
ls x 2>&1 | cat
%%
cat lines | wc -l
%%
cat lines | head -n 1
%%
tail -n 1 lines
%%
wc lines
%%
wc -l lines f
%%
{ echo a; echo b; } > both; cat both
%%
echo 'a
%%
echo "a
%%
echo )
%%
&& b
%%
a &&
%%
echo $(a
%%
echo ${x!}
%%
fi
%%
exit 3
%%
sh -c 'exit 4'; echo $?
%%
sh -c 'echo $0 $1 $#' a b c
%%
set -e; false; echo no
%%
set -e; false || true; echo yes
%%
set -u; echo $nope
%%
set -x; echo a 'b c'
%%
export A=1; sh -c 'echo $A'
%%
A=2 sh -c 'echo $A'; echo "[$A]"
%%
x=abc.tar.gz; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${#x}
%%
: ${x:?unset}
%%
set -- a b c; echo $# "$@" "$*" $1; shift; echo $1
%%
eval 'echo hi'
%%
dd if=f of=h status=none; cat h
%%
printf x | dd of=f bs=1 seek=1 conv=notrunc status=none; cat f
%%
dd if=/dev/zero of=z bs=10 count=3 status=none; wc -c z
%%
seq 3; seq 2 4
%%
sort -r lines
%%
grep b lines; grep zz lines; echo $?
%%
basename /a/b.c .c; dirname /a/b.c
%%
cat link; ls -F
%%
echo x > link; cat f; ls -F link
%%
rm link; cat f
%%
command -v ls >/dev/null && echo yes
%%
echo a; exit; echo b
%%
rm -rf d full; ls
%%
mv link l2; readlink l2
%%
cp link l2; ls -F l2
%%
cp -P link l2; readlink l2
%%
echo ~ | head -c 1
%%
echo a#b # comment
%%
echo a \
b
%%
rm *; ls
%%
ls -1d d f
%%
rm -d d
%%
rm -v f; rm -rv d
%%
rm -z f
%%
ls --nope
%%
mkdir -v nn
%%
head -n 2 lines; head -c 3 lines; tail -n +2 lines
%%
tee t1 t2 < f; cat t1
%%
find d; find . -name 'f*' | sort; find d -type d
%%
stat -c '%n %s %a %F' f d
%%
echo "x$(echo y)z"; echo '$x'
%%
x='*'; echo $x "$x"
%%
unset x; echo "${x-unset}"; x=; echo "${x-unset}" "${x:-empty}"
%%
while true; do echo once; break; done; for i in 1 2; do continue; done; echo end
%%
test; echo $?; [ ]; echo $?; [ a ; echo $?
%%
echo a > f > g; cat f g
%%
cat f > f; cat f
%%
cat f - < g
%%
printf 'a\tb\\n\n'; printf '%b' 'x\ty\n'
%%
printf '%c%c\n' abc d; printf '%%\n'; printf '%i %u\n' 5 6
%%
echo -- -n; echo -
%%
ln -s nowhere dang; cat dang; ls dang; [ -e dang ]; echo $?; [ -L dang ]; echo $?
%%
echo new > dang2/x; mkdir dang2; echo new > dang2/x; cat dang2/x
%%
cp -r d f; cp f d/sub; ls d/sub; cp -r d full; ls full
%%
mv d full; ls full; mv full/d .; ls
%%
mv f d/; mv d/ newd; ls newd
%%
mkdir a/b; mkdir -p f/b; mkdir -p d
%%
touch f/x; cat f/x; cd f/x; ls f/x; rm f/x
%%
chmod -R 700 d; stat -c %a d d/sub; chmod 4755 f; stat -c %a f; chmod g+s f;  stat -c %a f
%%
true | false; echo $?; false | true; echo $?
%%
x=5; x=$x$x y=1; echo $x$y
%%
dd if=nofile of=x; dd if=f of=no/x; dd bogus
%%
wc nofile; head nofile; tail nofile; sort nofile; grep a nofile; tee no/x </dev/null
%%
sed s/b/X/ lines; sed -n 2p lines; sed 2d lines; sed 's/[ab]/<&>/g' lines
%%
sed -i 's/a/A/' lines; cat lines; sed -e '/b/d' lines; sed '1,2d' lines; sed '$d' lines
%%
sed -n '/b/,$p' lines; sed -E 's/(a|b)/[\1]/' lines; sed 's|a|/|' lines; sed k lines
%%
tr a-z A-Z < lines; echo a1b2 | tr -d 0-9; echo x | tr x '\n'
%%
echo a:b:c | cut -d: -f2; echo abcdef | cut -c2-4; echo a:b:c | cut -d : -f 1,3
%%
printf 'a\na\nb\n' | uniq; printf 'a\na\nb\n' | uniq -c
%%
while read word; do echo "<$word>"; done < lines; echo $?
%%
{ read first; cat; } < lines; echo "first: $first"
%%
printf 'a b c\nd' | { read x y; echo "$x:$y"; read z; echo "$? $z"; }
%%
printf 'a\tb\n\n\n\001c\303\244\nend' > t; cat -A t; cat -b t; cat -s t; cat -E t; cat -T t; cat -et t; cat -vn t; cat -ns t t
%%
echo $((3>2?10:20)) $((0?1:0?2:3)) $((1?(0?4:5):6))
%%
for i in 1 2; do [ $i = 1 ] && break; done; echo $?; for i in 1; do false; continue; done; echo $?
%%
i=0; while [ $i -lt 2 ]; do i=$((i+1)); false; continue; done; echo $?
%%
echo abc | sed -e s/a/1/ -e s/b/2/; printf 'a\nb\n' | sed -n -e 1p -e 2p
%%
basename -s .c a.c /x/b.c; basename -a p/q r/s; basename a.c .c; dirname a a/b /c
%%
echo a | tr -Z a b; date -Q; touch -Z t; echo $?
%%
cat ""; echo x > ""; cat < ""; rm ""; mv f ""; cp f ""; cp "" h; mkdir ""; touch ""; ls ""; cd ""; cat f
%%
ln -f f; ln -f f .; cat f; ln -f f d; cat d/f
%%
ln -sT f d; ln -T f d; ln -v f h; ln -sv f i; ln -s g h nope; ln -s "" j; ls
%%
mkdir -p dang; ln -s nowhere dang; mkdir -p dang; mkdir -p dang/x; cp -r d dang; ls
%%
chmod u=rwx,g=u,o=g f; stat -c %a f; chmod g-w,o=u-x g; stat -c %a g; chmod o=,g=o f; stat -c %a f; chmod u=go f
%%
ln -s nowhere dang; chmod 600 dang; chmod -f 600 dang; echo $?
%%
truncate -s %4 f; wc -c f; truncate -s /3 f; wc -c f; truncate -r lines f; wc -c f; truncate -r x f; truncate -s %0 f; truncate -c -s 1 x/y
%%
rmdir d/sub/.; mv d/. e; ls; rm -rf .*; ls -A
%%
echo .*; echo d/.*; for i in .x*; do echo $i; done
%%
set -- ; printf '<%s>\n' "$@"; printf '<%s>\n' x "$@" ""; set -- a b; printf '<%s>\n' "$@" "x$@y"
%%
shift; echo $? never
%%
umask
%%
exit 3 > d; echo never
%%
f=1 : > d; echo never
%%
eval nosuch; eval 'echo )'; echo $?
%%
. lines; echo never
%%
. ./script; eval echo $?
%%
ls x 2>&1 > d; echo $?
%%
cat f d g 2>&1; head -n 1 d f 2>&1; tail -n 1 f d 2>&1; wc -c d f; wc f d x
%%
head -n 1 x f; tail -n 0 x; wc -l x f; sort x y; sort d; sed p x; echo $?; sed p d; echo $?
%%
cut -c1 'a b'; sort '*'; wc 'it is'
%%
printf 'a\r\nb\rc\n' > t; wc -l t; head -n 1 t; tail -n 1 t; sed s/x/y/ t; sort t; grep -c . t; cut -c1 t
%%
printf '%x %o %u %X\n' -1 -1 -1 255
%%
dd if=f of=f status=none; wc -c f; dd if=d of=h status=none; dd if=g of=d status=none
%%
grep -r o . | sort; grep -r s d; grep -q o x f; echo $?; grep -rl o full f
%%
cp -r d d/copy; ls d d/copy; cp -R link full; cp -R link full; readlink full/link
%%
touch -c x/y; basename a b c; dirname -x a; readlink
%%
eval 'exit 3'; echo never
%%
echo 'exit 4' > s; . ./s; echo never
%%
. ./nofile; echo never
%%
mv f nope/; cp f nope/; cp -r d nope/; ln f nope/; mv d nope2/; mkdir nope3/; touch nope/; ls
%%
ln -s f l2; mv l2 f; ln -sf link f; mv -n f f; cp -rv d e; printf 'a\nb\n' > h; sed 1d h h; sed -n '$p' h f
%%
basename ""; rm -d .; echo $?
