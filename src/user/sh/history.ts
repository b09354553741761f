// history.ts - the lines typed before, and what `!` finds among them.

export class History {
  lines: string[] = [];
  /** Number of the first line kept. */
  base = 1;
  max = 500;
  /** The command being run is the last line: not so when HISTCONTROL kept it out. */
  current = false;

  add(line: string, control: string): void {
    this.current = false;
    const text = line.replace(/\n+$/, "");
    if (text.trim() === "") return;
    const modes = control.split(":");
    const both = modes.includes("ignoreboth");
    if ((both || modes.includes("ignorespace")) && text.startsWith(" ")) return;
    if ((both || modes.includes("ignoredups")) && this.lines.at(-1) === text) return;
    if (modes.includes("erasedups")) this.lines = this.lines.filter((l) => l !== text);
    this.lines.push(text);
    this.current = true;
    while (this.lines.length > this.max) {
      this.lines.shift();
      this.base++;
    }
  }

  at(n: number): string | undefined {
    return this.lines[this.position(n)];
  }

  clear(): void {
    this.base = 1;
    this.lines = [];
    this.current = false;
  }

  /** The command being run gives up its place. */
  dropCurrent(): void {
    if (this.current) this.lines.pop();
    this.current = false;
  }

  /** Index of line n, counted from the end when negative; -1 when there is none. */
  position(n: number): number {
    const i = n < 0 ? this.lines.length + n : n - this.base;
    return i >= 0 && i < this.lines.length ? i : -1;
  }

  /** `!!`, `!n`, `!-n`, `!text`, `!?text?`, `!$`, `!*`, `!^`, `^old^new`. Null message: nothing changed. */
  expand(line: string): { text: string; changed: boolean } | { error: string } {
    const quick = /^\^([^^]+)\^([^^]*)\^?$/.exec(line.trimEnd());
    if (quick) return this.substitute(quick[1]!, quick[2]!, line);
    if (!line.includes("!")) return { text: line, changed: false };
    let out = "";
    let single = false;
    let changed = false;
    for (let i = 0; i < line.length; i++) {
      const c = line[i]!;
      if (c === "\\" && !single) {
        out += c + (line[++i] ?? "");
        continue;
      }
      if (c === "'") single = !single;
      const next = line[i + 1];
      if (
        c !== "!" ||
        single ||
        next === undefined ||
        /[\s=(]/.test(next) ||
        (next === '"' && out.includes('"'))
      ) {
        out += c;
        continue;
      }
      if (out.endsWith("[") || out.endsWith("${") || out.endsWith("$")) {
        out += c;
        continue;
      }
      const m = /^!(!|-?\d+|\?[^?\n]*\??|[$^*]|[^\s:;&|"'()<>$^*]+)(:?[$^*]|:\d+)?/.exec(line.slice(i));
      if (!m) {
        out += c;
        continue;
      }
      const event = this.event(m[1]!);
      if (event === undefined) return { error: `${m[0]}: event not found` };
      out += this.wordOf(event, /^[$^*]$/.test(m[1]!) ? m[1]! : m[2]);
      changed = true;
      i += m[0].length - 1;
    }
    return { text: out, changed };
  }

  private substitute(
    from: string,
    to: string,
    line: string,
  ): { text: string; changed: boolean } | { error: string } {
    const last = this.lines.at(-1);
    if (last === undefined || !last.includes(from))
      return { error: `:s${line.trimEnd()}: substitution failed` };
    return { text: last.replace(from, to), changed: true };
  }

  private event(spec: string): string | undefined {
    if (spec === "!" || /^[$^*]$/.test(spec)) return this.lines.at(-1);
    if (/^-?\d+$/.test(spec)) return this.at(Number(spec));
    const search = spec.startsWith("?") ? spec.slice(1).replace(/\?$/, "") : null;
    return this.lines.findLast((l) => (search === null ? l.startsWith(spec) : l.includes(search)));
  }

  private wordOf(event: string, designator: string | undefined): string {
    if (!designator) return event;
    const words = event.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
    const d = designator.replace(":", "");
    if (d === "$") return words.at(-1) ?? "";
    if (d === "^") return words[1] ?? "";
    if (d === "*") return words.slice(1).join(" ");
    return words[Number(d)] ?? "";
  }
}
