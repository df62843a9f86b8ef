import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import type { Socket } from 'node:net';

/** A pseudo-terminal: `path` is the end a program opens as a serial device, `master` the far end of the wire. */
export interface Pty {
  readonly path: string;
  readonly master: Socket;
  /** Hangs up: to whoever has `path` open the device is gone. */
  hangUp(): Promise<void>;
}

/** What node-pty's `open()` returns, which its types leave out. */
interface OpenedPty {
  readonly ptsName: string;
  readonly master: Socket;
  readonly slave: Socket;
}

/** Undefined where node-pty has no prebuilt binary or the system has no pseudo-terminals of this kind. */
export async function openPty(): Promise<Pty | undefined> {
  if (process.platform === 'win32') return undefined;
  const nodePty = (await import('@lydell/node-pty').catch(() => undefined)) as
    { default: { open(options: { encoding: null }): OpenedPty } } | undefined;
  if (nodePty === undefined) return undefined;
  const { ptsName, master, slave } = nodePty.default.open({ encoding: null });
  // node-pty reads from both ends. It must not take bytes from the device's end, which somebody has to keep open though.
  const keptOpen = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  return {
    path: ptsName,
    master,
    hangUp: async () => {
      if (master.destroyed) return;
      closeSync(keptOpen);
      const closed = once(master, 'close');
      master.destroy();
      await closed;
    },
  };
}
