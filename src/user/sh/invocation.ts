// invocation.ts - what the command line asked of the shell.

export interface Invocation {
  /** `-c`. */
  command: string | null;
  interactive: boolean;
  /** `-s`. */
  stdin: boolean;
  login: boolean;
  /** The file read instead of ~/.bashrc; null with --norc. */
  rc: string | null;
  profile: boolean;
  /** False with --noediting. */
  editing: boolean;
  rest: string[];
}
