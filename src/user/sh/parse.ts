// parse.ts - shell text to the tree of ast.ts, by the parser unbash.
//
// The only file, with sourceText.ts, that touches unbash's nodes: it changes them
// between major versions. Its quirks are smoothed here: literals are read from `.text` (their
// `.value` has lost the escapes), arithmetic is kept as a word and parsed after
// expansion, <<- bodies lose their tabs here.

import { parse as unbash } from "unbash";
import type * as U from "unbash";
import type * as A from "./ast.ts";
import { braceExpand } from "./brace.ts";
import { takeElementDescriptors } from "./elementDescriptor.ts";
import { commandsBefore, firstOpenHereDoc, lineOf, substitutionErrors, type Text } from "./sourceText.ts";
import { litParts, quotedValue, replacementCut, splitParts, unescaped, withoutQuotes } from "./quotedText.ts";
import { finish } from "./word.ts";
import { syntaxError } from "./syntaxError.ts";

/** Parses a whole text. With an error, `body` holds the lines before it. */
export function parseScript(source: string, firstLine = 1): A.Script {
  const text: Text = { source, firstLine, lineStarts: null };
  const ast = unbash(source);
  const open = firstOpenHereDoc(ast, source);
  const errors = ast.errors?.length ? ast.errors : substitutionErrors(ast, source);
  const error = syntaxError(source, errors, open, (pos) => lineOf(text, pos));
  let commands = ast.commands;
  if (error) {
    const pos = errors.length > 0 ? Math.min(...errors.map((e) => e.pos)) : source.length;
    commands = commandsBefore(ast, source, pos);
  }
  return { body: list(commands, text), error, source, firstLine };
}

/** Text read as inside double quotes: prompts, arithmetic, here-documents. */
export function parseQuoted(source: string): A.Word {
  if (!/[$`\\]/.test(source)) return { parts: [{ t: "quo", s: source }], lit: source, src: source };
  let mark = "E_O_F";
  while (source.includes(mark)) mark += "_";
  const full = `:<<${mark}\n${source}\n${mark}\n`;
  const command = unbash(full).commands[0]?.command as U.Command;
  const doc = command.redirects[0] as U.HereDoc;
  const text: Text = { source: full, firstLine: 1, lineStarts: null };
  const parts = doc.body.parts
    ? quotedParts(doc.body.parts, text, doc.body.text)
    : [{ t: "quo" as const, s: unescaped(doc.body.text) }];
  dropLastNewline(parts);
  return { parts: [{ t: "dq", parts }], lit: null, src: source };
}

function dropLastNewline(parts: A.Part[]): void {
  const last = parts.at(-1);
  if (last?.t === "quo" && last.s.endsWith("\n")) last.s = last.s.slice(0, -1);
}

/** A text that is one word, such as an array subscript. */
export function parseWord(source: string): A.Word {
  const command = unbash(`: ${source}`).commands[0]?.command as U.Command | undefined;
  const arg = command?.type === "Command" ? command.suffix[0] : undefined;
  if (arg?.type === "Word") return word(arg, { source: `: ${source}`, firstLine: 1, lineStarts: null });
  return { parts: [{ t: "quo", s: source }], lit: source, src: source };
}

function list(commands: readonly U.Statement[], text: Text): A.List {
  return { t: "list", items: commands.map((c) => statement(c, text)) };
}

function statement(s: U.Statement, text: Text): A.Statement {
  return {
    node: node(s.command, text),
    background: s.background === true,
    line: lineOf(text, s.pos),
    pos: s.pos,
    end: s.end,
    src: () => text.source.slice(s.command.pos, s.command.end),
  };
}

function node(n: U.PipelineNode | U.AndOr, text: Text): A.Node {
  if (n.type === "AndOr") {
    return { t: "andor", nodes: n.commands.map((c) => node(c, text)), ops: [...n.operators] };
  }
  if (n.type === "Pipeline") return pipeline(n, text);
  return command(n, text);
}

function pipeline(n: U.Pipeline, text: Text): A.Pipeline {
  const time = n.prefixes.find((p) => p.type === "Time");
  return {
    t: "pipeline",
    negate: n.prefixes.filter((p) => p.type === "Negation").length % 2 === 1,
    time: time?.type === "Time" ? (time.posix ? "posix" : "bash") : null,
    commands: n.commands.map((c) => command(c, text)),
    both: n.operators.map((o) => o === "|&"),
    src: () => text.source.slice(n.pos, n.end),
  };
}

function command(n: U.CommandNode | U.CompoundList, text: Text): A.CommandNode {
  switch (n.type) {
    case "Command":
      return simple(n, text);
    case "Redirected":
      return {
        t: "redirected",
        node: compound(n.command, text),
        redirs: n.redirects.map((r) => redirection(r, text)),
        line: lineOf(text, n.pos),
      };
    case "Function":
      return {
        t: "function",
        name: n.name.text,
        body: command(n.body, text),
        src: () => text.source.slice(n.body.pos, n.body.end),
        line: lineOf(text, n.pos),
      };
    case "Coproc":
      return {
        t: "coproc",
        name: n.name?.text ?? "COPROC",
        body: command(n.body, text),
        src: () => text.source.slice(n.pos, n.end),
      };
    case "CompoundList":
      return { t: "group", body: list(n.commands, text) };
    default:
      return compound(n, text);
  }
}

function compound(n: U.CompoundCommand, text: Text): A.Compound {
  const line = lineOf(text, n.pos);
  const body = (l: U.CompoundList): A.List => list(l.commands, text);
  const texts = (ws: readonly U.Word[] | undefined) => (): string[] =>
    ws ? ws.map((w) => w.text) : ['"$@"'];
  const words = (ws: readonly U.Word[] | undefined): A.Word[] | null => (ws ? wordList(ws, text) : null);
  switch (n.type) {
    case "BraceGroup":
      return { t: "group", body: body(n.body) };
    case "Subshell":
      return { t: "subshell", body: body(n.body) };
    case "If":
      return {
        t: "if",
        arms: [{ test: body(n.clause), body: body(n.then) }].concat(
          n.elif.map((e) => ({ test: body(e.clause), body: body(e.then) })),
        ),
        otherwise: n.else ? body(n.else) : null,
      };
    case "For":
      return {
        t: "for",
        name: n.name.text,
        words: words(n.wordlist),
        texts: texts(n.wordlist),
        body: body(n.body),
        line,
      };
    case "Select":
      return {
        t: "select",
        name: n.name.text,
        words: words(n.wordlist),
        texts: texts(n.wordlist),
        body: body(n.body),
        line,
      };
    case "While":
      return { t: "while", until: n.kind === "until", test: body(n.clause), body: body(n.body) };
    case "Case":
      return {
        t: "case",
        word: word(n.word, text),
        items: n.items.map((i) => ({
          patterns: i.pattern.map((p) => word(p, text)),
          body: body(i.body),
          end: i.terminator ?? ";;",
        })),
        line,
      };
    case "TestCommand":
      return { t: "cond", expr: cond(n.expression, text), line };
    case "ArithmeticCommand":
      return { t: "arithcmd", expr: parseQuoted(n.body), line };
    case "ArithmeticFor":
      return arithFor(n, text, line);
  }
}

function arithFor(n: U.ArithmeticFor, text: Text, line: number): A.ArithFor {
  const head = text.source.slice(n.pos, n.body.pos);
  const inner = head.slice(head.indexOf("((") + 2, head.lastIndexOf("))"));
  const [init = "", test = "", step = ""] = splitParts(inner);
  return {
    t: "arithfor",
    init: parseQuoted(init.trim()),
    test: parseQuoted(test.trim()),
    step: parseQuoted(step.trim()),
    body: list(n.body.commands, text),
    line,
  };
}

function cond(e: U.TestExpression, text: Text): A.CondExpr {
  switch (e.type) {
    case "TestUnary":
      return {
        k: "unary",
        op: e.operator,
        word: word(e.operand, text),
        // `[[ !(a == b) ]]` is a negated pattern only while `extglob` is on.
        test: e.operand.pos === e.pos && e.operand.text.startsWith("!(") ? e.operand.text.slice(1) : null,
      };
    case "TestBinary":
      return { k: "binary", op: e.operator, left: word(e.left, text), right: word(e.right, text) };
    case "TestLogical":
      return { k: e.operator === "&&" ? "and" : "or", parts: e.operands.map((o) => cond(o, text)) };
    case "TestNot": {
      const inner = cond(e.operand, text);
      return e.negations.length % 2 === 1 ? { k: "not", expr: inner } : inner;
    }
    case "TestGroup":
      return { k: "group", expr: cond(e.expression, text) };
  }
}

function simple(n: U.Command, text: Text): A.Simple {
  const assigns: A.Assign[] = [];
  for (const p of n.prefix) if (p.type === "Assignment") assigns.push(assignment(p, text));
  const args: A.Word[] = [];
  if (n.name) args.push(...braceExpand(word(n.name, text)));
  for (const a of n.args) args.push(...argument(a, text));
  const redirs = n.redirects.map((r) => redirection(r, text));
  takeElementDescriptors(n.redirects, n.args, args, redirs);
  return {
    t: "simple",
    line: lineOf(text, n.name?.pos ?? n.pos),
    assigns,
    words: args,
    redirs,
    pos: n.name?.pos ?? n.pos,
    end: n.name?.end ?? n.pos,
    src: () => text.source.slice(n.pos, n.end),
    texts: () =>
      [...n.prefix, ...(n.name ? [n.name] : []), ...n.args].flatMap((w) => ("text" in w ? [w.text] : [])),
  };
}

function argument(a: U.CommandArgument, text: Text): A.Word[] {
  if (a.type === "Word") return braceExpand(word(a, text));
  const assign = assignment(a, text);
  const plain = assign.value;
  const head: A.Part[] = litParts(a.text.slice(0, a.text.indexOf("=") + 1));
  const parts = "t" in plain ? litParts(a.text) : [...head, ...plain.parts];
  const whole = { ...finish(parts, a.text), assign };
  const expanded = "t" in plain ? [whole] : braceExpand(whole);
  return expanded.length === 1 ? [whole] : expanded;
}

function assignment(a: U.Assignment, text: Text): A.Assign {
  const value: A.Word | A.ArrayLit =
    a.value.type === "ArrayValue"
      ? { t: "array", elements: a.value.elements.map((e) => word(e, text)) }
      : word(a.value, text);
  return { name: a.name, append: a.append === true, index: a.index ? word(a.index, text) : null, value };
}

function redirection(r: U.Redirection, text: Text): A.Redir {
  const fd = r.descriptor?.type === "FileDescriptor" ? r.descriptor.value : null;
  const fdVar = r.descriptor?.type === "FileDescriptorVariable" ? r.descriptor.name : null;
  if (r.type === "HereDoc") return hereDoc(r, text, fd, fdVar);
  const target = r.target ? word(r.target, text) : finish([], "");
  return { op: r.operator, fd, fdVar, word: target, braces: braceExpand(target).length > 1 };
}

function hereDoc(r: U.HereDoc, text: Text, fd: number | null, fdVar: string | null): A.Redir {
  const delimiter = r.delimiter?.text ?? "EOF";
  return { op: "<<", fd, fdVar, word: hereDocBody(r, text), delimiter, strip: r.operator === "<<-" };
}

function hereDocBody(doc: U.HereDoc, text: Text): A.Word {
  const strip = doc.operator === "<<-";
  const body = strip ? doc.body.text.replace(/^\t+/gm, "") : doc.body.text;
  if (doc.delimiter?.quoted || !doc.body.parts) {
    const plain = doc.delimiter?.quoted ? body : unescaped(body);
    return { parts: [{ t: "quo", s: plain }], lit: plain, src: body };
  }
  if (strip) {
    const again = parseQuoted(body.replace(/\n$/, ""));
    again.parts.push({ t: "quo", s: "\n" });
    return { ...again, lit: null };
  }
  return { parts: [{ t: "dq", parts: quotedParts(doc.body.parts, text, body) }], lit: null, src: body };
}

function wordList(words: readonly U.Word[], text: Text): A.Word[] {
  return words.flatMap((w) => braceExpand(word(w, text)));
}

function word(w: U.Word, text: Text): A.Word {
  return finish(w.parts ? unquotedParts(w.parts, text) : litParts(w.text), w.text);
}

function unquotedParts(parts: readonly U.WordPart[], text: Text): A.Part[] {
  const out: A.Part[] = [];
  for (const p of parts) out.push(...unquotedPart(p, text));
  return out;
}

function unquotedPart(p: U.WordPart, text: Text): A.Part[] {
  switch (p.type) {
    case "Literal":
      return litParts(p.text);
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ t: "quo", s: quotedValue(p.text, p.value) }];
    case "DoubleQuoted":
    case "LocaleString":
      return [{ t: "dq", parts: quotedParts(p.parts, text, p.text) }];
    case "Glob":
      return p.parts?.some((q) => q.type !== "Literal")
        ? [{ t: "lit", s: "[" }, ...unquotedParts(p.parts, text), { t: "lit", s: "]" }]
        : litParts(p.text);
    case "ExtendedGlob":
      return p.parts
        ? [{ t: "lit", s: p.operator + "(" }, ...unquotedParts(p.parts, text), { t: "lit", s: ")" }]
        : litParts(p.text);
    case "BraceExpansion":
      return p.parts
        ? [{ t: "lit", s: "{" }, ...unquotedParts(p.parts, text), { t: "lit", s: "}" }]
        : litParts(p.text);
    default:
      return [expansion(p, text, false)];
  }
}

function quotedParts(parts: readonly U.WordPart[], text: Text, whole: string): A.Part[] {
  if (parts.length === 0 && whole.length > 2 && !whole.startsWith('"')) return [{ t: "quo", s: whole }];
  return parts.map((p) => (p.type === "Literal" ? { t: "quo", s: p.value } : expansion(p, text, true)));
}

function expansion(p: U.WordPart, text: Text, quoted: boolean): A.Part {
  switch (p.type) {
    case "SimpleExpansion":
      return { t: "param", name: p.text.slice(1), prefix: null, index: null, op: null, src: p.text };
    case "ParameterExpansion":
      return parameter(p, text, quoted);
    case "CommandExpansion":
      return { t: "cmd", script: substitution(p, text) };
    case "ProcessSubstitution":
      return { t: "proc", op: p.operator, script: substitution(p, text) };
    case "ArithmeticExpansion":
      return {
        t: "arith",
        expr: parseQuoted(p.text.startsWith("$[") ? p.text.slice(2, -1) : p.text.slice(3, -2)),
      };
    default:
      return { t: "quo", s: p.text };
  }
}

function substitution(p: { script: U.Script | undefined; pos: number }, text: Text): () => A.Script {
  let cached: A.Script | null = null;
  return () => (cached ??= subScript(p.script, text, p.pos));
}

function subScript(script: U.Script | undefined, text: Text, pos: number): A.Script {
  if (!script) return { body: { t: "list", items: [] }, error: null, source: "", firstLine: 1 };
  const own = script.source !== undefined;
  const inner: Text = own ? { source: script.source!, firstLine: lineOf(text, pos), lineStarts: null } : text;
  const errors = (script as { errors?: readonly U.ParseError[] }).errors ?? [];
  // Backquotes hold a text of their own.
  if (errors.length > 0 && text.source[pos] === "`")
    return {
      ...parseScript(text.source.slice(pos + 1, script.end), lineOf(text, pos)),
      body: { t: "list", items: [] },
    };
  const error = syntaxError(inner.source, errors, null, (at) => lineOf(inner, at));
  return { body: list(script.commands, inner), error, source: inner.source, firstLine: inner.firstLine };
}

/** What `${…}` may name. */
const PARAMETER = /^([A-Za-z_]\w*|\d+|[@*#?$!-])$/;

/** `${!-word}` and `${#:-word}` are $! and $# with an operation. */
const SPECIAL_DEFAULT = /^\$\{([!#])(:?[-+=?])([\s\S]+)\}$/;

function parameter(p: U.ParameterExpansionPart, text: Text, quoted: boolean): A.Param {
  const special = SPECIAL_DEFAULT.exec(p.text);
  if (special) {
    const word = quoted ? parseQuoted(withoutQuotes(special[3]!)) : parseWord(special[3]!);
    return {
      t: "param",
      name: special[1]!,
      prefix: null,
      index: null,
      op: { k: "default", op: special[2]!, word },
      src: p.text,
    };
  }
  return {
    t: "param",
    name: p.parameter,
    prefix: p.prefix ?? null,
    index: p.index ? word(p.index, text) : null,
    op: PARAMETER.test(p.parameter)
      ? p.operation
        ? operation(p.operation, text, quoted)
        : null
      : { k: "bad" },
    src: p.text,
  };
}

function operation(o: U.ParameterOperation, text: Text, quoted: boolean): A.ParamOp {
  switch (o.type) {
    case "Default":
      return { k: "default", op: o.operator, word: defaultWord(o.operand, text, quoted) };
    case "Remove":
      return { k: "remove", op: o.operator, word: word(o.operand, text) };
    case "Replace": {
      const cut = replacementCut(o.pattern.text, o.replacement.text);
      return {
        k: "replace",
        op: o.operator,
        pattern: cut ? parseWord(cut.pattern) : word(o.pattern, text),
        with: cut ? (/\s/.test(cut.by) ? parseQuoted : parseWord)(cut.by) : word(o.replacement, text),
      };
    }
    case "Slice":
      return { k: "slice", offset: word(o.offset, text), length: o.length ? word(o.length, text) : null };
    case "CaseModification":
      return { k: "case", op: o.operator, word: o.operand ? word(o.operand, text) : null };
    case "Transform":
      return { k: "transform", op: o.operand.text };
    case "Names":
      return { k: "names", op: o.operator };
    case "Unknown":
      return /^~~?$/.test(o.operator) ? { k: "case", op: o.operator, word: null } : { k: "bad" };
  }
}

/** In `"${x:-word}"` single quotes are ordinary characters. */
function defaultWord(w: U.Word, text: Text, quoted: boolean): A.Word {
  if (!quoted) return word(w, text);
  return /['"~*?[\\]/.test(w.text) ? parseQuoted(withoutQuotes(w.text)) : word(w, text);
}
