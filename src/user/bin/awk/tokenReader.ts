// tokenReader.ts - walks over tokens.

import { AwkSyntax } from "./ast.ts";
import type { Token } from "./lexer.ts";

/** The tokens and the place that has been reached. */
export class TokenReader {
  protected at = 0;
  constructor(protected readonly tokens: Token[]) {}

  protected get token(): Token {
    return this.tokens[this.at]!;
  }

  protected fail(): never {
    const t = this.token;
    const text = t.kind === "end" ? "end of file" : t.kind === "newline" ? "end of line" : t.text;
    throw new AwkSyntax(t.line, `syntax error at or near ${text}`);
  }

  protected is(text: string): boolean {
    const t = this.token;
    return (t.kind === "op" || t.kind === "keyword") && t.text === text;
  }

  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  protected expect(text: string): void {
    if (!this.take(text)) this.fail();
  }

  protected newlines(): void {
    while (this.token.kind === "newline") this.at++;
  }

  protected terminators(): void {
    while (this.token.kind === "newline" || this.is(";")) this.at++;
  }

  protected atEnd(): boolean {
    return this.token.kind === "newline" || this.token.kind === "end" || this.is(";") || this.is("}");
  }
}
