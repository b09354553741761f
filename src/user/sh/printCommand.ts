// printCommand.ts - a command as bash prints it: `declare -f`, `type`, `jobs`, $BASH_COMMAND.
//
// The layout is that of bash's own printer: inside a function every command of
// a list has its line, elsewhere they follow each other on one.

import type { ArithFor, Case, CondExpr, FunctionDef, If, List, Node, Redir, Simple } from "./ast.ts";

const STEP = 4;
/** Words that cannot name a function without the word `function`. */
const RESERVED = new Set(
  "if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc".split(
    " ",
  ),
);

/** `name () ` and the body. */
export function functionText(f: FunctionDef): string {
  const head = RESERVED.has(f.name) || !/^[\w.:+@%^,/-]+$/.test(f.name) ? "function " : "";
  return `${head}${f.name} () \n${functionBody(f)}\n`;
}

export function functionBody(f: FunctionDef, indent = 0): string {
  const p = new Printer(true, indent);
  p.functionBody(f);
  return p.out;
}

/** One command, as `jobs` and $BASH_COMMAND show it. */
export function commandText(node: Node): string {
  const p = new Printer(false, 0);
  p.node(node);
  p.hereDocs();
  return p.out;
}

class Printer {
  out = "";
  private skipIndent = 0;
  private pending: Redir[] = [];

  constructor(
    private inFunction: boolean,
    private indentation: number,
  ) {
    if (!inFunction) this.skipIndent = 1;
  }

  private indent(): void {
    this.out += " ".repeat(this.indentation);
  }

  private newline(text: string): void {
    this.out += "\n";
    this.indent();
    this.out += text;
  }

  private semicolon(): void {
    if (!/[&\n]$/.test(this.out)) this.out += ";";
  }

  private start(): void {
    if (this.skipIndent > 0) this.skipIndent--;
    else this.indent();
  }

  /** The bodies of here-documents whose operators have been printed. */
  hereDocs(): boolean {
    if (this.pending.length === 0) return false;
    for (const r of this.pending.splice(0)) {
      if (!this.out.endsWith("\n")) this.out += "\n";
      this.out += `${r.word.src}${r.delimiter!.replace(/["'\\]/g, "")}\n`;
    }
    return true;
  }

  functionBody(f: FunctionDef): void {
    const redirected = f.body.t === "redirected" ? f.body : null;
    const body = redirected ? redirected.node : f.body;
    this.indent();
    this.out += "{ \n";
    this.indentation += STEP;
    if (body.t === "group") this.list(body.body);
    else this.node(body);
    this.hereDocs();
    this.indentation -= STEP;
    if (!this.out.endsWith("\n") || body.t !== "group") this.out += "\n";
    else this.out += "\n";
    this.indent();
    this.out += "}";
    if (redirected) this.redirs(redirected.redirs);
  }

  private list(list: List): void {
    list.items.forEach((item, i) => {
      const last = i === list.items.length - 1;
      this.node(item.node);
      if (item.background) {
        this.hereDocs();
        this.out += " &";
      }
      if (last) return;
      const documents = this.hereDocs();
      if (!documents && !item.background) this.out += ";";
      if (this.inFunction && !item.background) this.out += "\n";
      else {
        this.out += " ";
        this.skipIndent++;
      }
    });
  }

  /** A list on the line of its keyword: a condition. */
  private inline(list: List): void {
    this.skipIndent++;
    this.list(list);
    this.hereDocs();
    this.semicolon();
  }

  private block(list: List): void {
    this.indentation += STEP;
    this.list(list);
    this.hereDocs();
    this.indentation -= STEP;
    this.semicolon();
  }

  node(n: Node): void {
    switch (n.t) {
      case "andor":
        n.nodes.forEach((c, i) => {
          if (i > 0) {
            this.hereDocs();
            this.out += ` ${n.ops[i - 1]} `;
            this.skipIndent++;
          }
          this.node(c);
        });
        return;
      case "pipeline":
        this.start();
        if (n.time) this.out += n.time === "posix" ? "time -p " : "time ";
        if (n.negate) this.out += "! ";
        n.commands.forEach((c, i) => {
          if (i > 0) this.out += n.both[i - 1] ? " 2>&1 | " : " | ";
          this.skipIndent++;
          this.node(c);
        });
        return;
      case "redirected":
        this.node(n.node);
        this.redirs(n.redirs);
        return;
      case "function":
        this.start();
        this.out += `function ${n.name} () \n${functionBody(n, this.indentation)}`;
        return;
      case "coproc":
        this.start();
        this.out += `coproc ${n.name} `;
        this.skipIndent++;
        this.node(n.body);
        return;
      case "simple":
        this.start();
        return this.simple(n);
      default:
        this.start();
        return this.compound(n);
    }
  }

  private simple(n: Simple): void {
    this.out += n.texts().join(" ");
    this.redirs(n.redirs, this.out.length === 0 || n.texts().length === 0);
  }

  private redirs(list: readonly Redir[], first = false): void {
    list.forEach((r, i) => {
      this.out += (first && i === 0 ? "" : " ") + redirText(r);
      if (r.op === "<<") this.pending.push(r);
    });
  }

  private compound(
    n: Exclude<Node, { t: "andor" | "pipeline" | "redirected" | "function" | "coproc" | "simple" }>,
  ): void {
    switch (n.t) {
      case "group":
        return this.group(n.body);
      case "subshell":
        this.out += "( ";
        this.skipIndent++;
        this.list(n.body);
        this.hereDocs();
        this.out += " )";
        return;
      case "if":
        return this.if_(n, 0);
      case "while":
        this.out += n.until ? "until " : "while ";
        this.inline(n.test);
        this.out += " do\n";
        this.block(n.body);
        return this.newline("done");
      case "for":
        this.out += `for ${n.name} in ${n.texts().join(" ")};`;
        return this.body(n.body);
      case "select":
        this.out += `select ${n.name} in ${n.texts().join(" ")};`;
        return this.body(n.body);
      case "arithfor":
        this.out += `for ((${arithForParts(n)}))`;
        return this.body(n.body);
      case "case":
        return this.case_(n);
      case "arithcmd":
        this.out += `((${n.expr.src}))`;
        return;
      case "cond":
        this.out += `[[ ${condText(n.expr)} ]]`;
    }
  }

  private body(list: List): void {
    this.newline("do\n");
    this.block(list);
    this.newline("done");
  }

  private group(list: List): void {
    this.out += "{ ";
    if (!this.inFunction) {
      this.skipIndent++;
      this.list(list);
      this.hereDocs();
      this.semicolon();
      this.out += " }";
      return;
    }
    this.out += "\n";
    this.indentation += STEP;
    this.list(list);
    this.hereDocs();
    this.indentation -= STEP;
    this.newline("}");
  }

  /** `elif` is printed as an `if` inside the `else`. */
  private if_(n: If, arm: number): void {
    this.out += "if ";
    this.inline(n.arms[arm]!.test);
    this.out += " then\n";
    this.indentation += STEP;
    this.list(n.arms[arm]!.body);
    this.hereDocs();
    this.indentation -= STEP;
    const more = arm + 1 < n.arms.length;
    if (more || n.otherwise) {
      this.semicolon();
      this.newline("else\n");
      this.indentation += STEP;
      if (more) {
        this.indent();
        this.if_(n, arm + 1);
      } else this.list(n.otherwise!);
      this.hereDocs();
      this.indentation -= STEP;
    }
    this.semicolon();
    this.newline("fi");
  }

  private case_(n: Case): void {
    this.out += `case ${n.word.src} in `;
    this.indentation += STEP;
    for (const item of n.items) {
      this.newline(`${item.patterns.map((p) => p.src).join(" | ")})\n`);
      this.indentation += STEP;
      this.list(item.body);
      this.hereDocs();
      this.indentation -= STEP;
      this.newline(item.end);
    }
    this.indentation -= STEP;
    this.newline("esac");
  }
}

/** `init; test; step`, each 1 when left out. */
function arithForParts(n: ArithFor): string {
  return [n.init, n.test, n.step].map((e) => e.src || "1").join("; ");
}

export function redirText(r: Redir): string {
  const word = r.word.src;
  const fd = (usual: number): string =>
    r.fdVar !== null ? `{${r.fdVar}}` : r.fd === null || r.fd === usual ? "" : String(r.fd);
  switch (r.op) {
    case "<<":
      return `${fd(0)}<<${r.strip ? "-" : ""}${r.delimiter}`;
    case ">&":
    case "<&": {
      if (r.op === ">&" && r.fd === null && !/^(\d+-?|-|\$.*)$/.test(word)) return `&> ${word}`;
      const to = r.fdVar !== null ? `{${r.fdVar}}` : String(r.fd ?? (r.op === ">&" ? 1 : 0));
      return word === "-" ? `${to}>&-` : `${to}${r.op}${word}`;
    }
    case "&>":
    case "&>>":
      return `${r.op} ${word}`;
    default:
      return `${fd(r.op.startsWith("<") && r.op !== "<>" ? 0 : 1)}${r.op} ${word}`;
  }
}

export function condText(e: CondExpr): string {
  switch (e.k) {
    case "unary":
      return `${e.op} ${e.word.src}`;
    case "binary":
      return `${e.left.src} ${e.op} ${e.right.src}`;
    case "not":
      return `! ${condText(e.expr)}`;
    case "group":
      return `( ${condText(e.expr)} )`;
    default:
      return e.parts.map(condText).join(e.k === "and" ? " && " : " || ");
  }
}
