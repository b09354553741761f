// dev.ts - the packets that have come in, and who takes them.
//
// Linux's softirq runs here as soon as the first packet is queued: what is
// queued meanwhile, a reply, waits for its turn instead of nesting. Nothing
// in it may sleep, and a fault in it is a panic.
// Mirrors Linux net/core/dev.c, with one device and one protocol.

import { preempt_disable, preempt_enable } from "../../kernel/sched/preempt";
import { ip_rcv } from "../ipv4/ip_input";
import { SkBuff, SkBuffHead, skb_dequeue, skb_queue_tail } from "./skbuff";

const backlog = changetype<SkBuffHead>(memory.data(offsetof<SkBuffHead>(), 4));
let polling: bool = false;

function process_backlog(): void {
  for (let skb = skb_dequeue(backlog); skb != null;) {
    ip_rcv(skb);
    skb = skb_dequeue(backlog);
  }
}

/** A packet came in; it belongs to the stack from here on. */
export function netif_rx(skb: SkBuff): void {
  skb_queue_tail(backlog, skb);
  if (polling) return;
  polling = true;
  preempt_disable();
  process_backlog();
  preempt_enable();
  polling = false;
}
