import { FILE_HEADERS_ONLY, createTwoFilesPatch } from "diff";

/** The kernel's source tree, as the machine has it under /usr/src/linux. */
export interface Sources {
  readSource(path: string): Promise<string>;
  listSources(): Promise<string[]>;
}

interface Buffer {
  original: string;
  text: string;
}

/** The patch being written: kernel source files with edits, and the diff they make. */
export class Draft {
  #sources: Sources;
  #paths = $state.raw<string[]>([]);
  #path = $state("");
  #buffers = $state.raw(new Map<string, Buffer>());

  readonly diff = $derived.by(() =>
    [...this.#buffers].map(([path, buffer]) => diffOf(path, buffer)).join(""),
  );

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Every source file of the kernel. */
  get paths(): string[] {
    return this.#paths;
  }
  /** The file in the editor; empty before the first one is opened. */
  get path(): string {
    return this.#path;
  }
  get text(): string {
    return this.#buffers.get(this.#path)?.text ?? "";
  }
  get isChanged(): boolean {
    return this.diff !== "";
  }
  isEdited(path: string): boolean {
    const buffer = this.#buffers.get(path);
    return buffer !== undefined && buffer.text !== buffer.original;
  }

  async list(): Promise<void> {
    const paths = await this.#sources.listSources();
    this.#paths = paths.filter((path) => path.endsWith(".ts"));
  }

  async open(path: string): Promise<void> {
    if (!this.#buffers.has(path)) {
      const original = await this.#sources.readSource(path);
      this.#buffers = new Map(this.#buffers).set(path, { original, text: original });
    }
    this.#path = path;
  }

  /** The open file now reads `text`. */
  edit(text: string): void {
    const buffer = this.#buffers.get(this.#path);
    if (!buffer || buffer.text === text) return;
    this.#buffers = new Map(this.#buffers).set(this.#path, { ...buffer, text });
  }

  /** Every file as the machine has it. */
  reset(): void {
    const clean = [...this.#buffers].map(
      ([path, { original }]) => [path, { original, text: original }] as const,
    );
    this.#buffers = new Map(clean);
  }
}

function diffOf(path: string, { original, text }: Buffer): string {
  if (original === text) return "";
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, original, text, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
