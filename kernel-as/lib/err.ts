// err.ts - addresses that may be error numbers.
//
// The last page of the address space holds no object, so an address up there
// is -errno. Mirrors Linux include/linux/err.h.

const MAX_ERRNO = 4095;

export function IS_ERR(p: usize): bool {
  return p >= <usize>-MAX_ERRNO;
}

/** -errno, or 0 when p is an address. */
export function PTR_ERR(p: usize): i32 {
  return IS_ERR(p) ? <i32>p : 0;
}

/** error is -errno. */
export function ERR_PTR(error: i32): usize {
  return <usize>error;
}
