// port.ts - a typed line between two threads.

/** One end of a line: sends `Out`, hears `In`. */
export interface Port<Out, In> {
  send(message: Out, transfer?: Transferable[]): void;
  listen(handler: (message: In) => void): void;
  close(): void;
}

/** What both Worker and MessagePort have. */
interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

export function portOf<Out, In>(channel: Channel, close: () => void): Port<Out, In> {
  return {
    send: (message, transfer = []) => channel.postMessage(message, transfer),
    listen: (handler) => {
      channel.onmessage = (event) => handler(event.data as In);
    },
    close,
  };
}
