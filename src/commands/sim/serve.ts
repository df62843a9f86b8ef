import type { Context } from '../../context.js';
import type { TerminalTools } from '../../sim/serve/terminal-user.js';
import { namedAddress } from './named-board.js';

export interface SimServeOptions {
  readonly listen: string;
  readonly pty?: true;
  /** Faults to switch on, as in `?fault=`. */
  readonly fault?: string;
}

/** `upyw sim serve`: keeps a virtual board switched on, and offers it to other programs, until Ctrl-C. */
export async function simServe(context: Context, { listen, pty, fault }: SimServeOptions): Promise<void> {
  const { reporter, world } = context;
  const [{ parseSimAddress }, { serveBoard }, address] = await Promise.all([
    import('../../sim/sim-address.js'),
    import('../../sim/serve/serve-board.js'),
    namedAddress(context),
  ]);
  const terminalTools = pty && (await toolsOfSystem());
  const { name, options } = parseSimAddress(withFault(address, fault));
  const served = await serveBoard({
    name,
    options,
    listen,
    pty: pty === true,
    ...(terminalTools && { terminalTools }),
    signal: world.signal,
    onEvent: (event) => {
      if (event.kind === 'input-lost') reporter.warn(inputLost(event.sizeBytes));
      else if (event.kind === 'panic') reporter.warn(`the board's VM failed and it reboots: ${event.reason}`);
      else reporter.info(`${event.client} ${event.kind}`);
    },
  });
  const { url, ptyPath } = served;
  const places = [url, ...(ptyPath === undefined ? [] : [ptyPath])];
  reporter.result(
    { name, url, ...(ptyPath === undefined ? {} : { pty: ptyPath }) },
    `sim:${name} is on: ${places.join(', ')}`,
  );
  reporter.info(`Here: upyw -p sim:${name} ls. Other tools: ${url}. Ctrl-C switches it off`);
  await served.ended;
}

async function toolsOfSystem(): Promise<TerminalTools> {
  const [{ openLineRate }, { findTerminalUser }] = await Promise.all([
    import('../../transport/serial/line-rate.js'),
    import('../../transport/serial/port-holder.js'),
  ]);
  const tellsHolders = process.platform === 'linux';
  return { openLineRate, ...(tellsHolders && { findHolder: (path) => findTerminalUser(path) }) };
}

function inputLost(sizeBytes: number): string {
  return `${sizeBytes} ${sizeBytes === 1 ? 'byte was' : 'bytes were'} lost: more came than the board's input ring holds`;
}

function withFault(address: string, fault: string | undefined): string {
  if (fault === undefined) return address;
  return `${address}${address.includes('?') ? '&' : '?'}fault=${encodeURIComponent(fault)}`;
}
