/** What the fuzz test makes its cases of. */

import fc from "fast-check";
import { decode } from "../../src/user/text.ts";

/** Words, operators and quotes in any order come further than bytes do. */
const WORDS =
  "if then else elif fi for in do done while until case esac select function time { } ( ) (( )) [[ ]] [ ] ! ; ;; ;& & && | || |& " +
  "< > >> << <<< <> >| 2>&1 >&- <&3 3>f <(ls) >(cat) <<E $ ${ ${x ${x:- ${x[@]} ${#x} ${!x*} ${x//a/b} ${x@Q} $(( $(( ` $( $@ $* $# $? $! $$ $0 $1 " +
  "' \" \\ $' * ? ~ {a,b} {1..3} = += x= x=1 a=(1 2) a[1]=2 x f -e -n -a -- - 0 1 -1 99999999999 % %% # " +
  "echo printf cat read export local declare typeset unset set shift eval exec exit return break continue trap wait kill jobs fg bg test true false " +
  "cd pwd pushd popd dirs alias unalias type hash command builtin enable let getopts mapfile source . umask ulimit history shopt times disown " +
  "ls grep sed awk sort uniq head tail wc tr cut seq sleep find xargs tee env rm mkdir touch cp mv ln ps dmesg yes od date expr bash sh timeout";

const WORD = fc.constantFrom(...WORDS.split(" ").filter(Boolean));
const GLUE = fc.constantFrom(" ", " ", " ", " ", "", "\n", "\t");

export const script: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 12, arbitrary: WORD }, { weight: 1, arbitrary: fc.string({ maxLength: 4 }) }),
      GLUE,
    ),
    {
      minLength: 1,
      maxLength: 14,
    },
  )
  .map((parts) =>
    parts
      .map(([word, glue]) => word + glue)
      .join("")
      .replaceAll("\0", ""),
  );

/** Bytes as user space holds them: what is not UTF-8 stays. */
export const nameBytes: fc.Arbitrary<string> = fc
  .oneof(
    fc.uint8Array({ minLength: 0, maxLength: 12 }),
    fc.uint8Array({ minLength: 250, maxLength: 260 }),
    fc
      .constantFrom("..", ".", "/", "a/b", "//", "a/../b", "\n", " ", "*", "-", "\x1b[2J")
      .map((s) => new TextEncoder().encode(s)),
  )
  // Nothing is made outside of the folder the case works in.
  .map((bytes) => decode(bytes).replace(/^\/+(?=[^/])/, ""));

const WORKLOADS = [
  "for i in 1 2 3 4 5 6; do echo $i | cat | cat >/tmp/w/f$i; done; wait",
  "sleep 1 & sleep 2 & cat /dev/zero | head -c 100000 >f & wait",
  "while :; do echo x; done | while read l; do echo $l >>f; done",
  "yes | head -1000 | sort | uniq -c; seq 1 500 | tac | tail -3",
  "mkdir -p a/b/c; for i in {1..20}; do echo $i >a/b/c/$i; done; find a | xargs cat | wc; rm -r a",
  "exec 3<>f 4>g; (sleep 1; echo) >&4 & cat <(echo a) <(echo b) >&3; wait",
  "trap 'echo term' TERM; for i in 1 2 3; do $(sleep 0.001) ; done; x=$(echo a | cat)",
  "coproc cat; echo hi >&${COPROC[1]}; read -t 1 l <&${COPROC[0]}; cat <<E\nhere\nE",
  "set -m; sleep 5 & kill -STOP $!; kill -CONT $!; jobs; fg",
  "timeout 0.001 sleep 5; timeout 0.002 bash -c 'while :; do :; done'; dmesg | tail -1 >/dev/null",
  "cat /proc/*/status /proc/meminfo >/dev/null 2>&1; ls -lR /proc >/dev/null 2>&1; ps aux | grep x",
  "tail -f /proc/version & dmesg -w & sleep 0.01; kill %1 %2; wait",
];

export interface Killing {
  text: string;
  kills: { afterUs: number; which: number; signal: number }[];
}

const signal = fc.oneof(fc.constantFrom(9, 15, 2, 19, 18, 13, 20), fc.integer({ min: 1, max: 31 }));

export const killing: fc.Arbitrary<Killing> = fc.record({
  text: fc.constantFrom(...WORKLOADS),
  kills: fc.array(fc.record({ afterUs: fc.integer({ min: 0, max: 600 }), which: fc.nat(20), signal }), {
    minLength: 1,
    maxLength: 6,
  }),
});

const KEYS = fc.constantFrom(
  ...[
    "\r",
    "\r",
    "\t",
    "\t\t",
    "\x03",
    "\x04",
    "\x1a",
    "\x1c",
    "\x01",
    "\x05",
    "\x0b",
    "\x15",
    "\x17",
    "\x19",
    "\x12",
    "\x07",
    "\x0c",
    "\x08",
    "\x7f",
  ],
  ...[
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[3~",
    "\x1b[1;5C",
    "\x1bf",
    "\x1bb",
    "\x1bd",
    "\x1b.",
    "\x1b",
    "\x1b[",
    "\x1b[200~",
    "\x1b[201~",
  ],
  ...[
    "日",
    "é",
    "🙂",
    "\u0301",
    "\xff",
    "!!",
    "!$",
    "^a^b",
    "'",
    '"',
    "\\",
    "$(",
    "`",
    "|",
    "&",
    ";",
    "<<E",
    "#",
    "*",
    "~",
    "/",
  ],
  ...[
    "ls",
    "cat",
    "echo ",
    "sleep 9",
    "fg",
    "bg",
    "jobs",
    "for i in 1 2; do",
    "done",
    "cd /p",
    "kill %1",
    "yes",
    "read x",
    "x=1",
    "{",
    "}",
    "stty -a",
    "history",
    "top",
  ],
);

/** What somebody leans on the keyboard with. */
export const typing: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: KEYS.map((k) => new TextEncoder().encode(k)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) },
    ),
    { minLength: 1, maxLength: 25 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((p) => [...p])));

export const bytesText = (bytes: Uint8Array): string => JSON.stringify(decode(bytes));
