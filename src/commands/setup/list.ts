import type { Context } from '../../context.js';
import type { PortInfo } from '../../transport/port.js';
import { formatTable } from '../../ui/format.js';
import type { ProbeAnswer } from '../../connecting/probe.js';

export interface ListOptions {
  readonly probe?: true;
}

type ListedPort = PortInfo & { readonly answer?: ProbeAnswer };

/** `upyw list`: the serial ports of this computer, the virtual boards that are on, and with `--probe` what answers on them. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  const { reporter, world } = context;
  const found = [...(await world.listPorts()), ...(await virtualPorts())];
  const ports = options.probe === true ? await probeAll(context, found) : found;
  if (ports.length === 0) {
    reporter.info('no serial port here; plug the board in with a data cable, or try a virtual one: -p sim:');
  }
  reporter.result({ ports }, formatTable(ports.map(row)));
}

/** A virtual board is there when somebody keeps it on; any other one is made when it is asked for. */
async function virtualPorts(): Promise<PortInfo[]> {
  const { servedBoards } = await import('../../sim/boards.js');
  return servedBoards().map((name) => ({ path: `sim:${name}`, manufacturer: 'virtual board' }));
}

/** One after the other: boards on one hub share a line, and a message names the port that is slow. */
async function probeAll(context: Context, found: readonly PortInfo[]): Promise<ListedPort[]> {
  const { probe } = await import('../../connecting/probe.js');
  const ports: ListedPort[] = [];
  for (const port of found) {
    const done = context.reporter.busy(`asking ${port.path}`);
    try {
      ports.push({ ...port, answer: await probe(context, port.path) });
    } finally {
      done();
    }
  }
  return ports;
}

function row({ path, usb, bridge, manufacturer, answer }: ListedPort): string[] {
  const id = usb === undefined ? '-' : `${usb.vendorId}:${usb.productId}`;
  const columns = [path, id, bridge ?? manufacturer ?? '-', usb?.serialNumber ?? '-'];
  return answer === undefined ? columns : [...columns, answer.text];
}
