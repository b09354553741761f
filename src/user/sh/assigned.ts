// assigned.ts - assignments and redirections after expansion.

/** An element of a compound array value. */
export interface Element {
  key: string | null;
  value: string;
  append: boolean;
}

/** An assignment with its value expanded. */
export interface Assigned {
  name: string;
  append: boolean;
  index: string | null;
  value: string | Element[];
}

/** A redirection, ready to be carried out. */
export type Plan =
  | {
      do: "open";
      fd: number;
      path: string;
      flags: number;
      also?: number;
      clobber: boolean;
      fdVar: string | null;
    }
  | { do: "dup"; fd: number; from: number; closeFrom: boolean; fdVar: string | null }
  | { do: "close"; fd: number }
  | { do: "here"; fd: number; text: string; fdVar: string | null };
