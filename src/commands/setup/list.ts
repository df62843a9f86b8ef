import { type NamedBoard, loadBoards } from '../../config/boards/load-boards.js';
import { macFrom } from '../../config/boards/mac.js';
import type { Context } from '../../context.js';
import type { PortInfo } from '../../transport/port.js';
import { formatTable } from '../../ui/format.js';
import type { ProbeAnswer } from '../../connecting/probe.js';

export interface ListOptions {
  readonly probe?: true;
}

interface ListedPort extends PortInfo {
  readonly answer?: ProbeAnswer;
  /** Of the board, where it is known without asking, or was asked. */
  readonly mac?: string;
  /** What upyw.boards.yaml calls it. */
  readonly name?: string;
}

/** `upyw list`: the serial ports of this computer, the virtual boards that are on, and with `--probe` what answers on them. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  const { reporter, world } = context;
  const found = [...(await world.listPorts()), ...(await virtualPorts(context))];
  const asked = options.probe === true ? await probeAll(context, found) : found;
  const { boards } = await loadBoards(world.cwd);
  const ports = asked.map((port) => withName(port, boards));
  if (ports.length === 0) {
    reporter.info('no serial port here; plug the board in with a data cable, or try a virtual one: -p sim:');
  }
  reporter.result(
    { ports },
    formatTable(
      ports.map((port) =>
        row(
          port,
          ports.some(({ name }) => name !== undefined),
        ),
      ),
    ),
  );
}

/** A virtual board is there when somebody keeps it on; any other one is made when it is asked for. */
async function virtualPorts({ world }: Context): Promise<ListedPort[]> {
  return (await world.virtualBoards.list())
    .filter(({ isOn }) => isOn)
    .map(({ name, mac }) => ({ path: `sim:${name}`, manufacturer: 'virtual board', mac }));
}

/** Espressif's own USB port has the MAC for its serial number. */
function withName(port: ListedPort, boards: readonly NamedBoard[]): ListedPort {
  const mac = port.answer?.mac ?? port.mac ?? macFrom(port.usb?.serialNumber ?? '');
  const name = boards.find((board) => board.mac === mac)?.name;
  return { ...port, ...(mac === undefined ? {} : { mac }), ...(name === undefined ? {} : { name }) };
}

/** One after the other: boards on one hub share a line, and a message names the port that is slow. */
async function probeAll(context: Context, found: readonly ListedPort[]): Promise<ListedPort[]> {
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

function row({ path, usb, bridge, manufacturer, answer, name }: ListedPort, hasNames: boolean): string[] {
  const id = usb === undefined ? '-' : `${usb.vendorId}:${usb.productId}`;
  const columns = [path, id, bridge ?? manufacturer ?? '-', usb?.serialNumber ?? '-'];
  return [...columns, ...(hasNames ? [name ?? '-'] : []), ...(answer === undefined ? [] : [answer.text])];
}
