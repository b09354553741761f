// expansion.ts - what make's functions ask of the variables and of the world.

export interface World {
  /** Output of a command, newlines as spaces. */
  shell(command: string): Promise<string>;
  /** Names that match, sorted. */
  glob(pattern: string): Promise<string[]>;
  /** Empty when there is no such file. */
  realpath(path: string): Promise<string>;
  say(kind: "info" | "warning", text: string): Promise<void>;
}

export interface Expansion {
  readonly world: World;
  expand(text: string): Promise<string>;
  value(name: string): Promise<string>;
  /** Not expanded. */
  raw(name: string): string;
  origin(name: string): string;
  flavor(name: string): string;
  /** Runs `body` while other values hold. */
  withScope<T>(scoped: Map<string, string>, body: () => Promise<T>): Promise<T>;
}
