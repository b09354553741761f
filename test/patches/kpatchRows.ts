/** What README.md must speak of: the names of kpatch's tests, and the edits whose answers are known of the real tool. */

const names = (text: string): string[] => text.trim().split(/\s+/);

/** Integration tests, in all their directories, also those that are switched off or gone. */
export const INTEGRATION = names(`
  data-new gcc-static-local-var-6 macro-callbacks module new-function new-globals shadow-newpid special-static
  symvers-disagreement-FAIL syscall warn-detect-FAIL multiple.test bug-table-section cmdline-string meminfo-string
  data-read-mostly fixup-section gcc-constprop gcc-isra gcc-mangled-3 gcc-static-local-var-2 gcc-static-local-var-3
  gcc-static-local-var-4 gcc-static-local-var-5 macro-printk meminfo-init-FAIL meminfo-init2-FAIL
  parainstructions-section smp-locks-section tracepoints-section module-call-external gcc-static-local-var
  special-static-2 replace-section-references module-kvm-fixup meminfo-cmdline-rebuild-SLOW module-shadow macro-hooks
  convert-global-local meminfo-cmdline replace.test combined difftree.sh
`);

/** Pairs of objects. */
export const UNIT = names(`
  ASSERT_RTNL-detect altinstr_aux clang-lstr clang-special-static clang-unnamed cmdline-ubsan cold-add cold-add2
  cold-change-parent cold-change-sub cold-del-sub cold-noid-issue-1160 dynamic-debug-jump-label-issue-1253
  dynamic-debug-special-static-issue-990 function-ptr-new gcc-constprop-cold ignore-missing-ftracehook-issue-1091
  import-ns jump-label-issue-1021 jump-label-issue-946 line-detect-issue-1253 mangled-symbol-modification-issue-1048
  mcount_loc-issue-1102 mrecord-mcount plt32-relocations-issue-975 meminfo-init meminfo-init2 missing-secsym-issue-1272
  secsym-issue-1193 multifile-pr-1204 oot-issue-928 printk-index-1 printk-index-2 static-call-issue-1165
  static-call-pr-1315 static-local-moved-subfunction-issue-1054 this_ip unique-id-pr-1314 warn-detect
  zero-page-rela-issue-1064 sibling-call-issue-1003
`);

/** Red Hat's tests of the manager. */
export const MANAGER = names(`
  sanity service cmdline patch-upgrade compat stress sign-check kpatch-dnf patch-build
`);

/** Edits of a small program, each with what kpatch answers: one row of README.md for each. */
export const EDITS = `
nothing
blank lines, comments
two functions reordered
local variable renamed
return type int to long, same code
whitespace, parentheses
body
string literal
enum constant, constant
call order
recursive function
function whose address is taken
switch case
inlined helper
helper made inline
new static function, called
new static function, not called
new global function, not called
new global variable, not used
new static variable, used; buffer
new zeroed static, two users
function renamed, callers follow
argument added, callers follow
function and its calls deleted
unused function deleted
only reference to a static removed
initial value
initial value, with a function that uses it
zeroed variable gets an initialiser
type widened
array grown
alignment attribute
const table value
const table value and its user
operations re-pointed
floating-point literal
static local removed, its type changed
function with a static local renamed
static local added
static local's initial value
function made static, made weak
function made global
init function
exit function
new init function
once-macro, first of its object
once-macro, section there already
function in \`.sched.text\`
notrace function
function made notrace
variable added to \`.data..read_mostly\`
entry of an initcall section
IGNORE_FUNCTION on the only change
IGNORE_FUNCTION on none
IGNORE_SECTION
IGNORE_SECTION of a missing section
FORCE_UNSAFE
callback only
struct field appended
struct field inserted
struct with a static instance
\`__LINE__\` of a printk
\`__LINE__\` of another call
`
  .trim()
  .split("\n");
