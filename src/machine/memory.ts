import { Limits, TaskField } from "../../kernel-as/abi.ts";

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/**
 * The kernel's memory as the host reads and writes it. All addresses are byte
 * addresses of kernel memory. When the memory has grown, its old buffer is
 * detached and views of it have no length: then they are renewed. (To ask the
 * memory for its buffer at each access would cost more than the access.)
 */
export class KernelMemory {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;

  constructor(readonly memory: WebAssembly.Memory) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#renew();
    return this.#bytes;
  }

  get view(): DataView {
    if (this.#bytes.length === 0) this.#renew();
    return this.#view;
  }

  #renew(): void {
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#view = new DataView(this.memory.buffer);
  }

  u32(address: number): number {
    return this.view.getUint32(address, true);
  }

  i32(address: number): number {
    return this.view.getInt32(address, true);
  }

  setU32(address: number, value: number): void {
    this.view.setUint32(address, value, true);
  }

  /** A 64-bit number; exact up to 2^53. */
  f64FromI64(address: number): number {
    return this.view.getInt32(address + 4, true) * 2 ** 32 + this.u32(address);
  }

  /** Writes an integer of at most 53 bits as 64 bits. */
  setI64(address: number, value: number): void {
    this.setU32(address, value >>> 0);
    this.view.setInt32(address + 4, Math.floor(value / 2 ** 32), true);
  }

  /** A copy of n bytes. */
  copy(address: number, n: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(address, address + n);
  }

  /** The NUL-terminated UTF-8 text at address. */
  cstring(address: number): string {
    const end = this.bytes.indexOf(0, address);
    return utf8.decode(this.bytes.subarray(address, end));
  }

  /** Writes text and a NUL; the number of bytes written. */
  putCstring(address: number, text: string, room: number): number {
    const { written } = encoder.encodeInto(text, this.bytes.subarray(address, address + room - 1));
    this.bytes[address + written] = 0;
    return written + 1;
  }

  comm(task: number): string {
    const raw = this.copy(task + TaskField.COMM, Limits.TASK_COMM_LEN);
    const end = raw.indexOf(0);
    return utf8.decode(end < 0 ? raw : raw.subarray(0, end));
  }
}
