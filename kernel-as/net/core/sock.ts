// sock.ts - a family's part of a socket: its options and what it received.
// Mirrors Linux net/core/sock.c and net/core/datagram.c.

import { Errno, TaskState } from "../../abi";
import { Poll } from "../../fs/fs";
import { schedule_timeout_ns, signal_pending } from "../../kernel/sched/core";
import { current } from "../../kernel/sched/task";
import {
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  wake_up_interruptible,
} from "../../kernel/sched/wait";
import { kfree, kzalloc } from "../../mm/slab";
import { SkBuff, SkBuffHead } from "./skbuff";
import { kfree_skb, skb_dequeue, skb_queue_purge } from "./skbuff";
import { skb_queue_tail } from "./skbuff";

const SO_RCVTIMEO = 20;
/** net.core.rmem_default: bytes that may wait to be read. */
const RCVBUF: u32 = 212992;
/** About 290 years: for ever. */
const NO_TIMEOUT: u64 = i64.MAX_VALUE;
const MAX_TIMEOUT_SEC: u64 = NO_TIMEOUT / 1000000000;

@unmanaged
export class Sock {
  /** Where readers sleep. */
  wait_next: usize;
  wait_prev: usize;
  // A SkBuffHead.
  queue_first: usize;
  queue_last: usize;
  queue_len: u32;
  /** Bytes that wait to be read. */
  rmem_alloc: u32;
  /** Nanoseconds a reader waits. */
  rcvtimeo: u64;
  /** Of an inet socket: its identifier, 0 none, and whom it is connected to. */
  num: u16;
  daddr: u32;
  /** Its packets' time to live, and whether a reader is told that of others. */
  ttl: u8;
  recvttl: bool;
  next: usize;

  get wait(): usize {
    return changetype<usize>(this);
  }
  get receive_queue(): SkBuffHead {
    return changetype<SkBuffHead>(
      changetype<usize>(this) + offsetof<Sock>("queue_first"),
    );
  }
}

export function sk_alloc(): Sock | null {
  const sk = changetype<Sock>(kzalloc(offsetof<Sock>()));
  if (changetype<usize>(sk) == 0) return null;
  init_waitqueue_head(sk.wait);
  sk.rcvtimeo = NO_TIMEOUT;
  return sk;
}

export function sk_free(sk: Sock): void {
  skb_queue_purge(sk.receive_queue);
  kfree(changetype<usize>(sk));
}

/** SOL_SOCKET; 0 or -errno. */
export function sock_setsockopt(
  sk: Sock,
  name: i32,
  val: usize,
  len: u32,
): i32 {
  if (name != SO_RCVTIMEO) return -Errno.ENOPROTOOPT;
  if (len < 16) return -Errno.EINVAL;
  const sec = load<u64>(val);
  const usec = load<u64>(val, 8);
  if (usec >= 1000000) return -Errno.EDOM;
  const ns = sec * 1000000000 + usec * 1000;
  sk.rcvtimeo = ns == 0 || sec > MAX_TIMEOUT_SEC ? NO_TIMEOUT : ns;
  return 0;
}

/** A packet for sk, which is dropped when too many wait. */
export function sock_queue_rcv_skb(sk: Sock, skb: SkBuff): void {
  if (sk.rmem_alloc + skb.len > RCVBUF) {
    kfree_skb(skb);
    return;
  }
  sk.rmem_alloc += skb.len;
  skb_queue_tail(sk.receive_queue, skb);
  wake_up_interruptible(sk.wait);
}

export function datagram_poll(sk: Sock): u32 {
  const mask: u32 = sk.receive_queue.qlen > 0 ? Poll.IN : 0;
  return mask | Poll.OUT;
}

/** Sleeps until a packet is there; 0 or -errno. */
function wait_for_packet(sk: Sock): i32 {
  let left = sk.rcvtimeo;
  let err = 0;
  for (;;) {
    prepare_to_wait(sk.wait, TaskState.INTERRUPTIBLE);
    if (sk.receive_queue.qlen > 0) break;
    if (left == 0) err = -Errno.EAGAIN;
    else if (signal_pending(current)) err = sock_intr_errno(sk);
    if (err != 0) break;
    left = schedule_timeout_ns(left);
  }
  finish_wait(sk.wait);
  return err;
}

/** A wait with a timeout does not start again after a signal. */
function sock_intr_errno(sk: Sock): i32 {
  return sk.rcvtimeo == NO_TIMEOUT ? -Errno.ERESTARTSYS : -Errno.EINTR;
}

/** The oldest packet, which is the caller's then; or an error. May sleep. */
export function skb_recv_datagram(sk: Sock, dontwait: bool): usize {
  let skb = skb_dequeue(sk.receive_queue);
  while (skb == null) {
    const err = dontwait ? -Errno.EAGAIN : wait_for_packet(sk);
    if (err != 0) return <usize>err;
    skb = skb_dequeue(sk.receive_queue);
  }
  sk.rmem_alloc -= skb!.len;
  return changetype<usize>(skb);
}
