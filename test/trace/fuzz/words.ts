/** Text to write: words that some file understands, mixed with ones that none does. */

/** Marsaglia's xorshift: the same numbers every time. */
export function generator(seed: number): (below: number) => number {
  let x = seed | 0 || 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const words = (text: string): string[] => text.split(" ");

const WORDS = [
  ...words("function function_graph nop vfs_read seq_* *read* * !vfs_* !* cmdline_proc_show"),
  ...words(
    "1 0 7 -1 999999 0x10 4096 18446744073709551615 99999999999999999999 010 0x 1,2,3 y n Y N on of maybe",
  ),
  ...words(
    "p:a vfs_read p:b/c vfs_write r3:d vfs_read r:e vfs_open -:a -:b/c -:b/ p: r -: $arg1 $retval $comm",
  ),
  ...words(
    "p:m test_klp_mod_target:test_klp_mod_target_show r:c cmdline_proc_show p:s s_show vfs_read%return",
  ),
  ...words(
    "x=$arg1:u8 s=+0($arg1):string y=+4(+8(%di)):s32 z=@0xffff888000010000 \\1 +0(+0(+0(+0(+0(%si)))))",
  ),
  ...words("vfs_read:traceoff vfs_*:traceon:2 :mod:x a:mod: *:stacktrace:1 !vfs_read:traceoff nosym-offset"),
  ...words("kprobes:a kprobes: !kprobes:a a counter local vfs_read:enable_event:kprobes:a *:dump !*:dump:0"),
  ...words(
    "vfs_read:snapshot *:snapshot:3 !*:snapshot :mod:test_klp_mod_target *show:mod:test_klp_livepatch",
  ),
  ...words(
    "overwrite nooverwrite funcgraph-proc funcgraph-args func_stack_trace \u0000 é [a- [!a] a?c %s%n%x",
  ),
  ...words('file kernel/livepatch/* +p func klp_try_switch_task -p module =_ line 1-9999 format "x" ; # |'),
];

function word(pick: (below: number) => number): string {
  if (pick(4) !== 0) return WORDS[pick(WORDS.length)]!;
  return String.fromCharCode(...Array.from({ length: pick(12) }, () => 1 + pick(126)));
}

export function randomText(pick: (below: number) => number): string {
  let text = Array.from({ length: pick(5) }, () => word(pick)).join(" ");
  if (pick(20) === 0) text = text.repeat(200);
  return pick(2) === 0 ? `${text}\n` : text;
}
