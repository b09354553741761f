// help.ts - the texts of less: its usage, and the keys that `h` shows.

export const USAGE = `Usage: less [OPTION]... [FILE]...
Show FILE(s), or standard input, a screen at a time.

  -e, --quit-at-eof           leave the second time the end is reached; -E the first
  -F, --quit-if-one-screen    print a text that fits on one screen, and leave
  -i, --ignore-case           searches ignore case unless they have capitals; -I always
  -M, --LONG-PROMPT           say which lines are shown
  -N, --LINE-NUMBERS          number the lines
  -P, --prompt=TEXT           what stands below the text
  -p, --pattern=PATTERN       begin at the first line that matches
  -q, --quiet                 no bell
  -R, --RAW-CONTROL-CHARS     show colours as colours
  -S, --chop-long-lines       cut long lines instead of folding them
  -X, --no-init               leave the text on the screen at the end
  -x, --tabs=N                tab stops
  -~, --tilde                 no tildes after the end
  +COMMAND                    keys to type at the start: +F follows, +G goes to the end

The variable LESS holds options that are always given. Type h for the keys.`;

export const KEYS = `
                   SUMMARY OF LESS COMMANDS

      A number N may be typed before commands that say N.

  h  H                 Show this.
  q  :q  Q  ZZ         Leave.

                        MOVING

  e  j  ENTER  down  *  Forward  one line   (or N lines).
  y  k  up           *  Backward one line   (or N lines).
  f  ^F  SPACE  PgDn *  Forward  one screen (or N lines).
  b  ^B  PgUp        *  Backward one screen (or N lines).
  d  ^D              *  Forward  one half screen (and set it to N).
  u  ^U              *  Backward one half screen (and set it to N).
  left  right        *  Sideways, for long lines.
  g  <  Home         *  To the first line (or line N).
  G  >  End          *  To the last line (or line N).
  p  %               *  N percent into the file.
  F                     Forward for ever, as tail -f; Ctrl-C stops.
  r  ^L                 Draw the screen again.

                       SEARCHING

  /pattern              Search forward for a line with the pattern.
  ?pattern              Search backward.
  /!pattern             Search for a line without it.
  n  N               *  Again; in the other direction.
  ESC u                 Show or hide what was found.

                     OTHER COMMANDS

  m<letter>  '<letter>  Set a mark; go to it.
  -N -S -R -i -M        Change an option.
  =  ^G                 Say where in the file this is.
  :n  :p                The next file, the one before.
  v                     Edit the file ($VISUAL, $EDITOR, or vi).
  ^Z                    Stop; fg brings it back.
`;
