/**
 * What other files can see of a source file: everything but the bodies of its
 * plain functions. When two versions of a file agree in that, every other file
 * compiles to what it compiled to before, and only this one need be compiled.
 *
 * Constants, enums, classes (their accessors and layouts melt into users),
 * decorated functions (@inline) and generic ones all count as interface.
 */

/** Comments, strings and templates are skipped whole. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[{}();]/g;

/** `export function name(`, not generic, with nothing before it. */
const PLAIN = /^\s*(export\s+)?function\s+\w+\s*\(/;

/** The source without comments and without the bodies of plain functions. */
export function interfaceOf(source: string): string {
  const listed = /\bexport\s*\{/.test(source);
  let out = "";
  let statement = "";
  let depth = 0;
  let body = false;
  let at = 0;
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    if (!body) statement += source.slice(at, index);
    at = index + token.length;
    if (token.startsWith("/")) continue;
    if (token === "{" && depth++ === 0) body = PLAIN.test(statement);
    else if (token === "(") depth++;
    else if (token === "}" || token === ")") depth--;
    if (!body) statement += token;
    if (depth > 0 || !/[};]/.test(token)) continue;
    // A function that is not exported is nobody else's business.
    if (!body || listed || /^\s*export/.test(statement)) out += statement;
    statement = "";
    body = false;
  }
  return (out + statement + source.slice(at)).replace(/\s+/g, " ");
}
