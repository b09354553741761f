// failure.ts - how make ends before its work is done.

/** make gives up: `*** text.  Stop.`, behind the place in a makefile where there is one. */
export class Stop extends Error {
  constructor(
    readonly text: string,
    readonly place = "",
  ) {
    super(text);
  }
}

/** A target could not be made, and that has been said. */
export class NotRemade extends Error {
  constructor(readonly target: string) {
    super(target);
  }
}
