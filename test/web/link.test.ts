import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLink, encodeLink, visible } from "../../web/state/link.ts";

const KERNEL = "0123456789abcdef";
const DIFF = '--- a/fs/proc/meminfo.ts\n+++ b/fs/proc/meminfo.ts\n@@ -1 +1 @@\n-"a"\n+"ä €"\n';

test("a link carries any source text and the kernel it was made for", async () => {
  const printable = fc.string({
    unit: fc.constantFrom(..."abc {}\t\n+-@'äß€漢"),
    minLength: 1,
    maxLength: 2000,
  });
  await fc.assert(
    fc.asyncProperty(printable, async (text) => {
      const diff = `+++ b/x\n@@ -1 +1 @@\n${text}`;
      expect(await decodeLink(await encodeLink(KERNEL, diff))).toEqual({
        kernel: KERNEL,
        diff,
        damage: null,
      });
    }),
    { numRuns: 40 },
  );
});

test("a link that a chat tool encoded twice still opens", async () => {
  const link = await encodeLink(KERNEL, DIFF);
  expect((await decodeLink(`#${encodeURIComponent(link.slice(1))}`))?.diff).toBe(DIFF);
});

test("a cut link says so, keeps what can be read, and never throws", async () => {
  const link = await encodeLink(KERNEL, DIFF.repeat(20));
  for (let length = link.indexOf("&d=") + 3; length < link.length; length++) {
    const shared = await decodeLink(link.slice(0, length));
    expect(shared?.kernel).toBe(KERNEL);
    expect(shared?.damage).toMatch(/cut after \d+ of \d+ characters/);
  }
});

test("a changed payload is never taken for a good one", async () => {
  const link = await encodeLink(KERNEL, DIFF);
  for (let at = link.indexOf("&d=") + 3; at < link.length; at++) {
    const other = link[at] === "A" ? "B" : "A";
    const shared = await decodeLink(link.slice(0, at) + other + link.slice(at + 1));
    expect(shared === null || shared.damage !== null || shared.diff === DIFF).toBe(true);
  }
});

test("random fragments are no share links, or damaged ones", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
      const shared = await decodeLink(`#p=1&d=${text}`);
      expect(shared?.damage).not.toBeNull();
    }),
    { numRuns: 100 },
  );
  expect(await decodeLink("#section-3")).toBeNull();
});

test("a small link cannot unpack to a huge diff", async () => {
  const zeros = new Blob([new Uint8Array(8 << 20)])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(zeros).arrayBuffer());
  const packed = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  const shared = await decodeLink(`#p=1&k=00&d=${packed}`);
  expect(shared?.damage).toBe("This link unpacks to more than a patch can be.");
});

test("a diff with terminal control codes is refused, and shown without them", async () => {
  const shared = await decodeLink(await encodeLink(KERNEL, DIFF + "+\x1b]0;gone\x07\n"));
  expect(shared?.damage).toMatch(/control characters/);
  expect(visible(shared!.diff)).toBe(DIFF + "+␛]0;gone␇\n");
  expect(visible("a\u202eb")).toBe("a<U+202E>b");
});
