// hostbuf.ts - where the host leaves bytes that belong to no task: terminal
// input, names, the text of a trap.

export const HOST_BUF_SIZE: u32 = 4096;
export const host_buf = memory.data(4096, 8);

export function host_buffer(): usize {
  return host_buf;
}
