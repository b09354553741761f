// compiler.ts - the thread the compiler runs in.
import { compile } from "./compile.ts";
import type { CompileAnswer, CompileRequest } from "./protocol.ts";

export interface CompilerMessage {
  id: number;
  request: CompileRequest;
}

async function answer(request: CompileRequest): Promise<CompileAnswer> {
  try {
    return { ok: true, answer: await compile(request) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<CompilerMessage>) => {
  self.postMessage({ id: data.id, answer: await answer(data.request) });
};
self.postMessage("ready");
