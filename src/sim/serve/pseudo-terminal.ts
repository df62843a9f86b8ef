import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { UpywError } from '../../errors.js';
import type { LiveBoard } from './live-board.js';
import { type TerminalTools, TerminalUser, usualRate } from './terminal-user.js';
import { TerminalWriter } from './terminal-writer.js';

/** What node-pty's `open()` gives; its types leave that function out. */
interface OpenedTerminal {
  readonly master: Duplex;
  readonly slave: Readable;
  /** The master's file descriptor. */
  readonly file: number;
  readonly ptsName: string;
}

export interface PseudoTerminal {
  /** What other programs open, like `/dev/pts/3`. */
  readonly path: string;
  close(): void;
}

/**
 * Offers the board on a pseudo-terminal that passes every byte as it is and stays usable while programs open and close it. `onRefused` hears
 * of a program that types while somebody else has the board.
 * @throws UpywError `sim/no-pty`
 */
export async function openPseudoTerminal(
  board: LiveBoard,
  tools: TerminalTools,
  onRefused: (name: string) => void,
): Promise<PseudoTerminal> {
  const terminal = await openTerminal();
  // The far end is kept open here, or the terminal would end with its first user; but not by node-pty's stream, which reads.
  const farEnd = openSync(terminal.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  terminal.slave.destroy();
  await makeRaw(farEnd);
  const writer = new TerminalWriter(terminal.file);
  const user = new TerminalUser(board, {
    path: terminal.ptsName,
    tools,
    lineRate: await tools.openLineRate(terminal.ptsName),
    write: (bytes) => {
      writer.write(bytes);
    },
    onRefused,
  });
  terminal.master.on('data', (bytes: Uint8Array) => {
    user.receive(Uint8Array.from(bytes));
  });
  return {
    path: terminal.ptsName,
    close: () => {
      user.close();
      writer.close();
      terminal.master.destroy();
      closeSync(farEnd);
    },
  };
}

async function openTerminal(): Promise<OpenedTerminal> {
  if (process.platform === 'win32') {
    throw new UpywError('sim/no-pty', {
      reason: 'Windows has no pseudo-terminals that programs can open as a port',
    });
  }
  try {
    const nodePty = (await import('@lydell/node-pty')) as unknown as {
      open(options: { encoding: null }): {
        readonly master: Duplex;
        readonly slave: Readable;
        readonly _fd: number;
        readonly _pty: string;
      };
    };
    const opened = nodePty.open({ encoding: null });
    return { master: opened.master, slave: opened.slave, file: opened._fd, ptsName: opened._pty };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UpywError('sim/no-pty', { reason }, { cause: error });
  }
}

/** `stty` works on its standard input, the same on Linux and macOS. */
async function makeRaw(file: number): Promise<void> {
  const stty = spawn('stty', ['raw', '-echo', String(usualRate)], { stdio: [file, 'ignore', 'ignore'] });
  const [code] = (await once(stty, 'exit').catch((error: unknown) => {
    throw new UpywError('sim/no-pty', { reason: 'stty cannot be run' }, { cause: error });
  })) as [number | null];
  if (code !== 0) throw new UpywError('sim/no-pty', { reason: `stty ended with ${code ?? 'a signal'}` });
}
