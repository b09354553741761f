// skbuff.ts - packets, and queues of them.
//
// A packet's bytes lie behind its SkBuff: room for an IP header first, so
// that who sends one writes the header in front of what is there.
// Mirrors Linux net/core/skbuff.c.

import { kfree, kzalloc } from "../../mm/slab";

@unmanaged
export class SkBuff {
  next: usize;
  /** The bytes that the layer which has the packet looks at. */
  data: usize;
  len: u32;
  /** The IP header, once it is written or received. */
  network_header: usize;
}

/** A list of packets, oldest first. */
@unmanaged
export class SkBuffHead {
  first: usize;
  last: usize;
  qlen: u32;
}

/** A packet of len bytes with headroom in front; null without memory. */
export function alloc_skb(headroom: u32, len: u32): SkBuff | null {
  const at = kzalloc(offsetof<SkBuff>() + headroom + len);
  if (at == 0) return null;
  const skb = changetype<SkBuff>(at);
  skb.data = at + offsetof<SkBuff>() + headroom;
  skb.len = len;
  return skb;
}

export function kfree_skb(skb: SkBuff): void {
  kfree(changetype<usize>(skb));
}

/** Makes room for a header in front; its address. */
export function skb_push(skb: SkBuff, len: u32): usize {
  skb.data -= len;
  skb.len += len;
  return skb.data;
}

/** Leaves a header behind; false when the packet is shorter. */
export function skb_pull(skb: SkBuff, len: u32): bool {
  if (skb.len < len) return false;
  skb.data += len;
  skb.len -= len;
  return true;
}

export function skb_queue_tail(list: SkBuffHead, skb: SkBuff): void {
  skb.next = 0;
  if (list.first == 0) list.first = changetype<usize>(skb);
  else changetype<SkBuff>(list.last).next = changetype<usize>(skb);
  list.last = changetype<usize>(skb);
  list.qlen++;
}

/** The oldest, or null. */
export function skb_dequeue(list: SkBuffHead): SkBuff | null {
  if (list.first == 0) return null;
  const skb = changetype<SkBuff>(list.first);
  list.first = skb.next;
  list.qlen--;
  return skb;
}

export function skb_queue_purge(list: SkBuffHead): void {
  for (let skb = skb_dequeue(list); skb != null; skb = skb_dequeue(list)) {
    kfree_skb(skb);
  }
}
