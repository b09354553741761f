// link.ts - a share link: the fragment of the page's address that carries a diff.
//
//   #p=1&k=BUILD&n=LENGTH&h=CHECK&d=PAYLOAD
//
// p: version of this format. k: the kernel build that the diff was made
// against. n: length of the payload. h: first 8 hex
// digits of the SHA-256 of the diff. d: base64url(deflate-raw(diff)), last, so
// that a link cut by a chat tool still says what was lost.
// What arrives is data: it is shown as text, and built on a click.

/** Longest payload a link may carry, and longest diff it may unpack to, in characters. */
const MAX_PAYLOAD = 64 * 1024;
const MAX_DIFF = 512 * 1024;

export interface SharedPatch {
  /** The kernel build that the diff was made for. */
  kernel: string;
  diff: string;
  /** Why the diff must not be built, if it must not. */
  damage: string | null;
}

async function pump(
  text: Uint8Array<ArrayBuffer>,
  through: TransformStream,
  limit: number,
): Promise<Uint8Array> {
  const reader = new Blob([text])
    .stream()
    .pipeThrough(through)
    .getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      size += next.value.length;
      if (size > limit) throw new RangeError("too long");
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    // Cut or damaged: what came before the damage is still worth showing.
  } finally {
    void reader.cancel().catch(() => undefined);
  }
  const whole = new Uint8Array(size);
  chunks.reduce((at, chunk) => (whole.set(chunk, at), at + chunk.length), 0);
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  // Discord drops "=" at the end of a link.
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const clean = text.replace(/[^A-Za-z0-9_-]/g, "");
  const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  return Uint8Array.from(atob(whole.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

/** Empty where the page has no crypto (plain http on a foreign host): the check is then left out. */
async function checksum(diff: string): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(diff));
  return Array.from(new Uint8Array(digest).subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** The fragment, with its "#". Throws RangeError when the diff is too long for a link. */
export async function encodeLink(kernelBuild: string, diff: string): Promise<string> {
  const bytes = new TextEncoder().encode(diff);
  if (bytes.length > MAX_DIFF) throw new RangeError("this diff is too long for a link");
  const payload = toBase64Url(await pump(bytes, new CompressionStream("deflate-raw"), MAX_DIFF));
  if (payload.length > MAX_PAYLOAD) throw new RangeError("this diff is too long for a link");
  const fields = [
    ["p", "1"],
    ["k", kernelBuild],
    ["n", String(payload.length)],
    ["h", await checksum(diff)],
    ["d", payload],
  ];
  return "#" + fields.map(([key, value]) => `${key}=${value}`).join("&");
}

function fieldsOf(hash: string): URLSearchParams {
  const text = hash.replace(/^#/, "");
  // Some chat tools encode a link twice.
  const plain = /^p%3D/i.test(text) || /%26d%3D/i.test(text) ? decodeURIComponent(text) : text;
  return new URLSearchParams(plain);
}

/** Nothing but tabs and line ends: anything else could steer the terminal it is shown in. */
function hasControls(diff: string): boolean {
  return /[^\t\n\r\x20-\x7e\u00a0-\uffff]|[\u202a-\u202e\u2066-\u2069]/.test(diff);
}

async function damageOf(fields: URLSearchParams, payload: string, diff: string): Promise<string | null> {
  const length = Number(fields.get("n") ?? payload.length);
  if (payload.length < length) return `This link was cut after ${payload.length} of ${length} characters.`;
  const expected = fields.get("h");
  const found = await checksum(diff);
  if (diff === "" || (expected && found && expected !== found)) {
    return "This link was damaged on its way: its checksum does not match.";
  }
  if (!/^\+\+\+ .*\n@@ /m.test(diff)) return "What this link carries is not a patch.";
  if (hasControls(diff)) return "This diff has control characters in it, which no source has.";
  return null;
}

/** What a fragment carries; null when it is no share link. Never throws. */
export async function decodeLink(hash: string): Promise<SharedPatch | null> {
  try {
    const fields = fieldsOf(hash);
    const payload = fields.get("d");
    if (payload === null) return null;
    const kernel = fields.get("k") ?? "";
    if (fields.get("p") !== "1") {
      return { kernel, diff: "", damage: "This link was made by a newer Patchbay than this one." };
    }
    if (payload.length > MAX_PAYLOAD)
      return { kernel, diff: "", damage: "This link is longer than a patch can be." };
    const bytes = await pump(fromBase64Url(payload), new DecompressionStream("deflate-raw"), MAX_DIFF);
    const diff = new TextDecoder().decode(bytes);
    return { kernel, diff, damage: await damageOf(fields, payload, diff) };
  } catch (error) {
    const why = error instanceof RangeError ? "unpacks to more than a patch can be" : "cannot be read";
    return { kernel: "", diff: "", damage: `This link ${why}.` };
  }
}

/** `text` with everything that could mislead a reader made visible. */
export function visible(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => {
      return `<U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`;
    });
}
