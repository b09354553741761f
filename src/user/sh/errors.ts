// errors.ts - the ways in which a shell command can fail before it runs.

/** A message for the user and a status; the current command is over. */
export class ShellError extends Error {
  constructor(
    message: string,
    readonly status = 1,
    /** True when a non-interactive shell ends because of it. */
    readonly fatal = false,
  ) {
    super(message);
  }
}

/** A target that is not one word: the command fails, the line goes on. */
export class AmbiguousRedirect extends ShellError {
  constructor(target: string) {
    super(`${target}: ambiguous redirect`);
  }
}
