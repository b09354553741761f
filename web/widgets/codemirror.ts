// codemirror.ts - the only importer of CodeMirror: an editor for kernel source, and a view of a diff.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours come from the page's tokens, so the editor follows its light and dark. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className], color: "var(--code-type)" },
  { tag: tags.function(tags.definition(tags.variableName)), color: "var(--code-function)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--sunken)", fontSize: "13.5px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--selection)" },
  ".cm-problem": { textDecoration: "underline wavy var(--bad)", textDecorationSkipInk: "none" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
});

/** Something that is wrong in the open file; line and column count from 1. */
export interface Mistake {
  line: number;
  column: number;
  /** Characters it is about; 0: to the end of the line. */
  length: number;
  message: string;
}

const setMistakes = StateEffect.define<DecorationSet>();

/** The underlined places; they move with the text as it is edited. */
const MISTAKES = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (places, { changes, effects }) =>
    effects.find((effect) => effect.is(setMistakes))?.value ?? places.map(changes),
  provide: (field) => EditorView.decorations.from(field),
});

/** Where a line and a column are; a place that is not there is moved to the nearest one. */
function offsetOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(from + Math.max(column - 1, 0), to);
}

function underlined(doc: Text, mistakes: Mistake[]): DecorationSet {
  const ranges = mistakes.flatMap(({ line, column, length, message }) => {
    const from = offsetOf(doc, line, column);
    const to = length > 0 ? Math.min(from + length, doc.length) : doc.lineAt(from).to;
    const mark = Decoration.mark({ class: "cm-problem", attributes: { title: message } });
    return to > from ? [mark.range(from, to)] : [];
  });
  return Decoration.set(ranges, true);
}

export class SourceEditor {
  #view: EditorView;
  #extensions: Extension;

  /** @param changed is told the whole text after each edit by the user. */
  constructor(place: HTMLElement, changed: (text: string) => void) {
    this.#extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      highlightSelectionMatches(),
      indentUnit.of("  "),
      javascript({ typescript: true }),
      syntaxHighlighting(COLOURS),
      LOOK,
      MISTAKES,
      // Esc, then Tab still leaves the editor: CodeMirror's own rule.
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": "Kernel source. Escape, then Tab leaves the editor." }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
    ];
    this.#view = new EditorView({ parent: place, state: this.#stateOf("") });
  }

  /** Shows another file; its undo history starts here. */
  open(text: string): void {
    if (text !== this.#view.state.doc.toString()) this.#view.setState(this.#stateOf(text));
  }

  /** Underlines what is wrong in the open file, and nothing else. */
  underline(mistakes: Mistake[]): void {
    this.#view.dispatch({ effects: setMistakes.of(underlined(this.#view.state.doc, mistakes)) });
  }

  /** Puts the cursor at a place the compiler named (both count from 1). */
  goTo(line: number, column: number): void {
    const anchor = offsetOf(this.#view.state.doc, line, column);
    this.#view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    this.#view.focus();
  }

  dispose(): void {
    this.#view.destroy();
  }

  #stateOf(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.#extensions });
  }
}
