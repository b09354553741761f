// failure.ts - how make ends before its work is done.

/**
 * make gives up: `*** text.  Stop.`, behind the place in a makefile where there
 * is one, or below a line that says what came before.
 */
export class Stop extends Error {
  constructor(
    readonly text: string,
    readonly place = "",
    readonly before = "",
  ) {
    super(text);
  }
}

/** What ended the reading of a line, with the line's place when nothing is known that is nearer. */
export function placed(error: unknown, place: string): unknown {
  if (!(error instanceof Stop) || error.place + error.before !== "") return error;
  return new Stop(error.text, place);
}

/** A target could not be made, and that has been said. */
export class NotRemade extends Error {
  constructor(readonly target: string) {
    super(target);
  }
}

/** A makefile that is not there; GNU make looks for a rule that makes it. */
export const missingMakefile = (path: string, place: string): Stop =>
  new Stop(`No rule to make target '${path}'`, "", `${place}: ${path}: No such file or directory`);
