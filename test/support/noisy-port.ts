import type { Port } from 'upyw';

/** A port on which bytes can be changed on their way to the board and back. */
export function noisyPort(port: Port) {
  const noisy = {
    name: port.name,
    kind: port.kind,
    capabilities: port.capabilities,
    get baudRate() {
      return port.baudRate;
    },
    toBoard: (bytes: Uint8Array) => bytes,
    fromBoard: (bytes: Uint8Array) => bytes,
    write: (bytes: Uint8Array) => port.write(noisy.toBoard(bytes)),
    subscribe: (listener: Parameters<Port['subscribe']>[0]) =>
      port.subscribe({
        data: (bytes) => {
          listener.data(noisy.fromBoard(bytes));
        },
        close: (reason) => {
          listener.close(reason);
        },
      }),
    drain: () => port.drain(),
    setBaudRate: (baudRate: number) => port.setBaudRate(baudRate),
    setLines: (lines: Parameters<Port['setLines']>[0]) => port.setLines(lines),
    close: () => port.close(),
  };
  return noisy;
}
