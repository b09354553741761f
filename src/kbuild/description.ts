/** The description of a kernel that was built in a machine, as its vmlinux carries it: JSON, gzip. */

import type { KernelImage } from "./image";

export async function packDescription(image: KernelImage): Promise<Uint8Array> {
  return pump(new TextEncoder().encode(JSON.stringify(image)), new CompressionStream("gzip"));
}

export async function unpackDescription(bytes: Uint8Array): Promise<KernelImage> {
  const text = await pump(bytes, new DecompressionStream("gzip"));
  return JSON.parse(new TextDecoder().decode(text)) as KernelImage;
}

async function pump(bytes: Uint8Array, through: GenericTransformStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(through as ReadableWritablePair<Uint8Array>);
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer());
}
