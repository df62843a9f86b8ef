import type { Port, PortKind, PortOpener, PortOpeners } from './transport/port.js';

/** Openers that remember what they opened, so that nothing stays open whatever way a command ends. */
export interface TrackedOpeners {
  readonly openers: PortOpeners;
  /** Closes them all (closing twice does nothing); gives up waiting after `timeoutMs`. Never throws. */
  readonly closeAll: (timeoutMs: number) => Promise<void>;
}

/** Wraps every opener. */
export function trackOpenPorts(openers: PortOpeners): TrackedOpeners {
  const opened: Port[] = [];
  const tracked = (opener: PortOpener): PortOpener => {
    return async (address, options) => {
      const port = await opener(address, options);
      opened.push(port);
      return port;
    };
  };
  const entries = Object.entries(openers).map(([kind, opener]) => [kind, tracked(opener)]);
  return {
    openers: Object.fromEntries(entries) as Record<PortKind, PortOpener>,
    closeAll: async (timeoutMs) => {
      const closing = Promise.allSettled(opened.map((port) => port.close()));
      await Promise.race([closing, afterMs(timeoutMs)]);
    },
  };
}

function afterMs(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs).unref();
  });
}
