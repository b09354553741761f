// ast.ts - the shell's own syntax tree, as the executor walks it.
//
// parse.ts makes it from unbash's tree and is the only file that knows that
// one. Brace expansion has already been done (it is purely textual).

/** A word before expansion. */
export interface Word {
  parts: Part[];
  /** The word's value when nothing in it can expand, glob or split. */
  lit: string | null;
  /** The source text, as written. */
  src: string;
  /** The same word read as `name=value`, for declaration builtins. */
  assign?: Assign;
}

export type Part = Lit | Quoted | DoubleQuoted | Param | CommandSub | ArithSub | ProcessSub;

/** Unquoted text: may glob, tilde-expand. */
export interface Lit {
  t: "lit";
  s: string;
}
/** Text in single quotes or after a backslash. */
export interface Quoted {
  t: "quo";
  s: string;
}
export interface DoubleQuoted {
  t: "dq";
  parts: Part[];
}
export interface Param {
  t: "param";
  name: string;
  /** `${!x}` or `${#x}`. */
  prefix: "!" | "#" | null;
  index: Word | null;
  op: ParamOp | null;
  src: string;
}
export type ParamOp =
  | { k: "default"; op: string; word: Word }
  | { k: "remove"; op: string; word: Word }
  | { k: "replace"; op: string; pattern: Word; with: Word }
  | { k: "slice"; offset: Word; length: Word | null }
  | { k: "case"; op: string; word: Word | null }
  | { k: "transform"; op: string }
  | { k: "names"; op: string }
  | { k: "bad" };
export interface CommandSub {
  t: "cmd";
  /** Parsed at first use. */
  script: () => Script;
}
export interface ArithSub {
  t: "arith";
  expr: Word;
}
export interface ProcessSub {
  t: "proc";
  op: "<" | ">";
  script: () => Script;
}

export interface Assign {
  name: string;
  append: boolean;
  index: Word | null;
  value: Word | ArrayLit;
}
export interface ArrayLit {
  t: "array";
  elements: Word[];
}

export interface Redir {
  op: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<<" | "<<";
  /** Null: the operator's own default. */
  fd: number | null;
  /** `{name}>file`: the shell picks the descriptor. */
  fdVar: string | null;
  /** The target, or the body of a here-document. */
  word: Word;
  /** The target is a brace expression: several files. */
  braces?: boolean;
  /** A here-document's delimiter as written, and whether it was `<<-`. */
  delimiter?: string;
  strip?: boolean;
}

export interface Script {
  /** The number of the source's first line. */
  firstLine: number;
  body: List;
  error: SyntaxError | null;
  /** The text that line numbers refer to. */
  source: string;
}
export interface SyntaxError {
  /** As bash words it, without the prefix. */
  message: string;
  line: number;
  /** True when more input could complete the text. */
  incomplete: boolean;
}

export interface List {
  t: "list";
  items: Statement[];
}
export interface Statement {
  node: Node;
  background: boolean;
  line: number;
  /** Offsets into the source. */
  pos: number;
  end: number;
  src: () => string;
}

export type Node = AndOr | Pipeline | CommandNode;
export type CommandNode = Simple | Compound | Redirected | FunctionDef | Coproc;
export type Compound = Group | Subshell | If | For | ArithFor | Select | While | Case | Cond | ArithCommand;

export interface AndOr {
  t: "andor";
  nodes: Node[];
  ops: ("&&" | "||")[];
}
export interface Pipeline {
  t: "pipeline";
  negate: boolean;
  time: null | "bash" | "posix";
  commands: CommandNode[];
  /** Whether the n-th pipe also carries stderr. */
  both: boolean[];
  src: () => string;
}
export interface Simple {
  t: "simple";
  line: number;
  assigns: Assign[];
  words: Word[];
  redirs: Redir[];
  /** Where the first word is, for aliases. */
  pos: number;
  end: number;
  src: () => string;
  /** Assignments and words as written. */
  texts: () => string[];
}
export interface Redirected {
  t: "redirected";
  node: Compound;
  redirs: Redir[];
  line: number;
}
export interface FunctionDef {
  t: "function";
  name: string;
  body: CommandNode;
  src: () => string;
  line: number;
  /** File it was defined in. */
  source?: string;
}
export interface Coproc {
  t: "coproc";
  name: string;
  body: CommandNode;
  src: () => string;
}
export interface Group {
  t: "group";
  body: List;
}
export interface Subshell {
  t: "subshell";
  body: List;
}
export interface If {
  t: "if";
  arms: { test: List; body: List }[];
  otherwise: List | null;
}
export interface For {
  t: "for";
  name: string;
  words: Word[] | null;
  /** The words as written. */
  texts: () => string[];
  body: List;
  line: number;
}
export interface ArithFor {
  t: "arithfor";
  init: Word;
  test: Word;
  step: Word;
  body: List;
  line: number;
}
export interface Select {
  t: "select";
  line: number;
  name: string;
  words: Word[] | null;
  /** The words as written. */
  texts: () => string[];
  body: List;
}
export interface While {
  t: "while";
  until: boolean;
  test: List;
  body: List;
}
export interface Case {
  t: "case";
  word: Word;
  items: { patterns: Word[]; body: List; end: ";;" | ";&" | ";;&" }[];
  line: number;
}
export interface Cond {
  t: "cond";
  expr: CondExpr;
  line: number;
}
export type CondExpr =
  | { k: "unary"; op: string; word: Word; /** Of `!( … )`: what is negated. */ test: string | null }
  | { k: "binary"; op: string; left: Word; right: Word }
  | { k: "and" | "or"; parts: CondExpr[] }
  | { k: "not" | "group"; expr: CondExpr };
export interface ArithCommand {
  t: "arithcmd";
  expr: Word;
  line: number;
}
