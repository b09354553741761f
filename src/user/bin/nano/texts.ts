// texts.ts - nano's shortcuts and help.

import type { Shortcuts } from "./view.ts";

export const USAGE = `Usage: nano [OPTIONS] [[+LINE[,COLUMN]] FILE]...
Edit FILE.

  -i, --autoindent       new lines begin as the one before
  -l, --linenumbers      show line numbers
  -E, --tabstospaces     Tab types spaces
  -T, --tabsize=N        columns between tab stops
  -v, --view             show the file, change nothing

Ctrl-G shows the keys.`;

export const MAIN: Shortcuts = [
  ["^G", "Help"],
  ["^X", "Exit"],
  ["^O", "Write Out"],
  ["^R", "Read File"],
  ["^W", "Where Is"],
  ["^\\", "Replace"],
  ["^K", "Cut"],
  ["^U", "Paste"],
  ["^C", "Location"],
  ["^/", "Go To Line"],
  ["M-U", "Undo"],
  ["M-E", "Redo"],
  ["M-A", "Set Mark"],
  ["M-6", "Copy"],
];

export const LINE: Shortcuts = [
  ["^C", "Cancel"],
  ["^M", "Enter"],
];

export const YES_NO: Shortcuts = [
  [" Y", "Yes"],
  [" N", "No"],
  ["", ""],
  ["^C", "Cancel"],
];

export const REPLACE: Shortcuts = [
  [" Y", "Yes"],
  [" N", "No"],
  [" A", "All"],
  ["^C", "Cancel"],
];

export const HELP: Shortcuts = [
  ["^X", "Close"],
  ["^V", "Next Page"],
  ["", ""],
  ["^Y", "Prev Page"],
];

export const HELP_TEXT = `Main nano help text

 The first row names the file. The last rows name the most used keys;
 ^X means Ctrl and X together, M-U means Alt and U (or Esc, then U).

 ^G   (F1)      Show this
 ^X   (F2)      Leave nano; asks when the text was changed
 ^O   (F3)      Write the text to a file
 ^S             Write the text to its file, without a question
 ^R             Put another file in at the cursor

 ^W             Search forward for a string
 M-W            Search again
 ^\\   (M-R)     Replace a string
 ^/   (M-G)     Go to a line, or to line,column
 ^C             Say where the cursor is

 ^K             Cut the line, or what is marked; again, and it adds up
 M-6            Copy it instead
 ^U             Put back what was cut
 M-A            Begin to mark; the cursor keys extend the mark
 M-U  M-E       Undo; redo
 ^D   ^H        Delete the character under the cursor; before it

 ^F ^B ^N ^P    Right, left, down, up, as the cursor keys
 M-Space ^Space A word back; a word on
 ^A ^E          Begin and end of the line
 ^V ^Y          A page down, a page up
 M-\\ M-/        The first line, the last line
 M-N            Show or hide line numbers
 M-I            Begin new lines as the one before, or not
 ^L             Draw the screen again
 ^Z             Stop nano; fg brings it back
`;
