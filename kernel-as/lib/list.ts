// list.ts - circular doubly linked lists, linked through their members.
//
// A list node lies inside the struct it links; list_entry's work is done by
// the owner: changetype<T>(node - offsetof<T>("member")). An address is used
// instead of a class so that any two adjacent usize fields can be a node.

@unmanaged
export class ListHead {
  next: usize;
  prev: usize;
}

export function INIT_LIST_HEAD(list: usize): void {
  const l = changetype<ListHead>(list);
  l.next = list;
  l.prev = list;
}

function __list_add(entry: usize, prev: usize, next: usize): void {
  changetype<ListHead>(next).prev = entry;
  changetype<ListHead>(entry).next = next;
  changetype<ListHead>(entry).prev = prev;
  changetype<ListHead>(prev).next = entry;
}

/** Adds entry right after head. */
export function list_add(entry: usize, head: usize): void {
  __list_add(entry, head, changetype<ListHead>(head).next);
}

/** Adds entry before head: at the list's end. */
export function list_add_tail(entry: usize, head: usize): void {
  __list_add(entry, changetype<ListHead>(head).prev, head);
}

/** Takes entry off its list; it is then an empty list of its own. */
export function list_del_init(entry: usize): void {
  const e = changetype<ListHead>(entry);
  changetype<ListHead>(e.next).prev = e.prev;
  changetype<ListHead>(e.prev).next = e.next;
  INIT_LIST_HEAD(entry);
}

export function list_empty(head: usize): bool {
  return changetype<ListHead>(head).next == head;
}

export function list_next(node: usize): usize {
  return changetype<ListHead>(node).next;
}

export function list_prev(node: usize): usize {
  return changetype<ListHead>(node).prev;
}
