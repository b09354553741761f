/** A terminal, as far as somebody who types into it needs to know. */
export interface Screen {
  /** The cursor's line up to the cursor; empty while anything stands behind it. */
  cursorLine(): string;
  /** Calls back after each change of the screen; returns how to stop that. */
  onChange(callback: () => void): () => void;
}

/** Ends of the shell's prompts: root's, and everybody else's. */
const PROMPT = /[#$] $/;

/** A screen that shows a prompt must keep still this long before we believe it. */
const SETTLE_MS = 40;

/** Milliseconds between two keys, and after each line. */
export interface Pace {
  keyMs: number;
  lineMs: number;
}

const AT_ONCE: Pace = { keyMs: 0, lineMs: 0 };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Types commands as a person would: at a prompt, key by key, one line after another. */
export class Typist {
  #screen: Screen;
  #send: (keys: string) => void;
  #isTyping = $state(false);
  #stopped = false;

  constructor(screen: Screen, send: (keys: string) => void) {
    this.#screen = screen;
    this.#send = send;
  }

  get isTyping(): boolean {
    return this.#isTyping;
  }

  /** Types each line at a fresh prompt; resolves at the prompt after the last. */
  async run(lines: readonly string[], pace: Pace = AT_ONCE): Promise<void> {
    if (this.#isTyping) return;
    this.#isTyping = true;
    this.#stopped = false;
    try {
      for (const line of lines) {
        await this.#prompt();
        if (this.#stopped) return;
        await this.#type(line, pace.keyMs);
        await sleep(pace.lineMs);
      }
      await this.#prompt();
    } finally {
      this.#isTyping = false;
    }
  }

  /** Stops after the key being typed; what is on the line stays there. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  #wake: (() => void) | null = null;

  async #type(line: string, keyMs: number): Promise<void> {
    for (const keys of keyMs > 0 ? line : [line]) {
      // The echo moves the cursor off the prompt, which is what we wait for next.
      const echo = this.#change();
      this.#send(keys);
      await echo;
      await sleep(keyMs);
      if (this.#stopped) return;
    }
    this.#send("\r");
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        off();
        this.#wake = null;
        resolve();
      };
      const off = this.#screen.onChange(done);
      this.#wake = done;
    });
  }

  async #prompt(): Promise<void> {
    while (!this.#stopped) {
      if (PROMPT.test(this.#screen.cursorLine())) {
        await sleep(SETTLE_MS);
        if (PROMPT.test(this.#screen.cursorLine())) return;
      } else {
        await this.#change();
      }
    }
  }
}
