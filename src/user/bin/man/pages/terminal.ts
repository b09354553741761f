// terminal.ts - the shell, the pager, the editors.

import type { Page } from "../format.ts";
import { KEYS, USAGE as LESS_USAGE } from "../../less/help.ts";
import { HELP_TEXT, USAGE as NANO_USAGE } from "../../nano/texts.ts";

const verbatim = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((l) => `    ${l}`.trimEnd())
    .join("\n");

const bash: Page = {
  name: "bash",
  section: 1,
  brief: "the shell",
  text: `
# SYNOPSIS
    bash [OPTIONS] [SCRIPT [ARGS]]
    bash -c COMMAND [NAME [ARGS]]

# DESCRIPTION
The language of GNU bash 5.2: pipelines, redirections, functions, arrays, arithmetic, here-documents, globs, job control, traps.
**help** lists what is built in.

# EDITING THE LINE
@ Tab
Completes commands, options, files, variables, and what a command takes: patches for kpatch, modules for rmmod and insmod,
kernel functions for tracing files. Twice lists them.

@ Ctrl-R
Searches the history; again, further back. Up and Down walk through it.

@ Ctrl-A, Ctrl-E
Begin and end of the line; Alt-B and Alt-F move by words.

@ Ctrl-W, Ctrl-U, Ctrl-K
Cut the word, to the begin, to the end; Ctrl-Y puts it back.

@ Ctrl-_
Undoes.

@ Ctrl-O
Runs the line and brings the next one of the history.

@ Ctrl-L
Clears the screen.

@ Ctrl-C, Ctrl-Z, Ctrl-D
Interrupt, stop, end of input.

# SEE ALSO
man(1), kpatch(1), patchbay(7)`,
};

const less: Page = {
  name: "less",
  section: 1,
  brief: "show text a screen at a time",
  text: `# SYNOPSIS
    less [OPTION]... [FILE]...

# OPTIONS
${verbatim(LESS_USAGE.replace(/^[\s\S]*?\n\n/, ""))}

# COMMANDS
${verbatim(KEYS)}`,
};

const nano: Page = {
  name: "nano",
  section: 1,
  brief: "edit text",
  text: `# SYNOPSIS
    nano [OPTIONS] [[+LINE[,COLUMN]] FILE]...

# OPTIONS
${verbatim(NANO_USAGE.replace(/^[\s\S]*?\n\n/, ""))}

# KEYS
${verbatim(HELP_TEXT)}

# SAFETY
A file is written beside the old one and takes its place when all of it is there. A text that is not saved when a signal ends
nano is kept as FILE.save.`,
};

const vi: Page = {
  name: "vi",
  section: 1,
  brief: "edit text",
  text: `
# SYNOPSIS
    vi [-R] [-c COMMAND] [+COMMAND] [FILE]...

# NORMAL MODE
    N before a command is a count

    h j k l             left, down, up, right; the cursor keys too
    w b e  W B E        words: next, back, end
    0 ^ $  |            begin, first text, end of the line; column N
    gg G  NG  {  }      first line, last line, line N; paragraphs
    H M L  %            top, middle, bottom of the screen; the other bracket
    fx Fx tx Tx ; ,     to a character of the line; again, back
    / ? n N  * #        search; again; the word under the cursor
    mx 'x \`x ''         set a mark, go to it; back
    ^F ^B ^D ^U ^E ^Y   scroll; zt zz zb put the line there

    i a I A o O         begin to type; Esc ends it
    R r ~               overwrite, one character, upper and lower case
    x X D C s S         delete, change
    d c y > <           with a motion or an object (iw a" i( ip), or twice for lines
    p P "x J .          put, register x, join lines, do it again
    gu gU g~            lower, upper, other case
    v V                 mark characters or lines, then a command
    u ^R                undo, redo
    ZZ ZQ ^Z            save and leave; leave; stop

# COMMANDS AFTER A COLON
    w [FILE]  q  wq  x  e FILE  r FILE  n  N     ! forces
    N  .  $  %  N,M  'a,'b  /this/,/that/        lines
    s/PATTERN/TEXT/[gci]  &  g/PATTERN/COMMAND  v/PATTERN/COMMAND
    d  y  m LINE  t LINE  j  >  <  u  red  !COMMAND  sh
    set nu ic scs ai et hls ws ts=N sw=N

# FILES
_~/.vimrc_, _~/.exrc_: lines with **set**.

# SAFETY
A file is written beside the old one and takes its place when all of it is there. A text that is not saved when a signal ends vi
is kept as FILE.save.`,
};

export const terminal: Page[] = [bash, less, nano, vi];
