import { basename } from 'node:path';
import type { PortInfo } from '../transport/port.js';
import type { Patient } from './computer.js';
import type { Finding } from './finding.js';
import { lookAtDrivers, lookForDriverless } from './drivers.js';

const commandMs = 2000;

/** The serial ports: which there are, with what adapter and driver, and whether this account may open them. */
export async function lookAtPorts(patient: Patient): Promise<Finding[]> {
  const ports = await patient.listPorts();
  const findings: Finding[] = [];
  for (const port of ports) findings.push(...(await lookAtPort(patient, port)));
  findings.push(...(await lookForDriverless(patient, ports)), ...(await lookAtDrivers(patient, ports)));
  if (ports.length > 0 || findings.some(({ level }) => level === 'red')) return findings;
  const text = 'no serial port is here';
  const next =
    'Plug the board in with another cable: one that only charges shows nothing. Then run: upyw doctor --plug';
  return [...findings, { id: 'ports/none', level: 'red', text, next }];
}

async function lookAtPort(patient: Patient, port: PortInfo): Promise<Finding[]> {
  const driver = await linuxDriver(patient, port.path);
  const what = [port.bridge ?? port.manufacturer, idOf(port), driver].filter((each) => each !== undefined);
  const text = [port.path, what.join(', ')].filter((each) => each !== '').join(': ');
  const obstacles = [
    ...(await lookAtPermission(patient, port.path)),
    ...(await lookForHolder(patient, port.path)),
  ];
  return [{ id: 'ports/found', level: 'green', text }, ...obstacles];
}

function idOf({ usb }: PortInfo): string | undefined {
  return usb === undefined ? undefined : `${usb.vendorId}:${usb.productId}`;
}

async function linuxDriver({ platform, system }: Patient, path: string): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  const link = await system.readLink(`/sys/class/tty/${basename(path)}/device/driver`);
  return link === undefined ? undefined : `driver ${basename(link)}`;
}

const groupBits = 0o060;
const otherBits = 0o006;

/** On Linux a port belongs to a group, whose members may use it. */
async function lookAtPermission({ platform, system }: Patient, path: string): Promise<Finding[]> {
  const owner = platform === 'linux' ? await system.owner(path) : undefined;
  const { account } = system;
  if (owner === undefined || account === undefined || account.uid === 0 || account.uid === owner.uid)
    return [];
  if ((owner.mode & otherBits) === otherBits) return [];
  if (account.groups.includes(owner.gid) && (owner.mode & groupBits) === groupBits) return [];
  const group = await groupOf(system, owner.gid);
  const name = group?.name ?? String(owner.gid);
  const text = `your account may not open ${path}: it belongs to the group ${name}`;
  const next =
    group?.members.includes(await accountName(system, account.uid)) === true
      ? `You are in ${name} already, but not in this session: log out of the computer and in again`
      : `Join the group: sudo usermod -aG ${name} "$USER", then log out of the computer and in again`;
  return [{ id: 'ports/permission', level: 'red', text, next }];
}

async function groupOf(system: Patient['system'], gid: number) {
  const lines = ((await system.readText('/etc/group')) ?? '').split('\n').map((line) => line.split(':'));
  const found = lines.find(([, , id]) => id === String(gid));
  return found === undefined ? undefined : { name: found[0] ?? '', members: (found[3] ?? '').split(',') };
}

async function accountName(system: Patient['system'], uid: number): Promise<string> {
  const lines = ((await system.readText('/etc/passwd')) ?? '').split('\n').map((line) => line.split(':'));
  return lines.find(([, , id]) => id === String(uid))?.[0] ?? '';
}

/** Who has it open. Windows tells nobody. */
async function lookForHolder(patient: Patient, path: string): Promise<Finding[]> {
  const holder = await holderOf(patient, path);
  if (holder === undefined) return [];
  const text = `${path} is in use by ${holder.name} (process ${holder.id})`;
  return [{ id: 'ports/held', level: 'red', text, next: `Close ${holder.name}, then run this again` }];
}

async function holderOf({ platform, system }: Patient, path: string) {
  if (platform === 'linux') return linuxHolder(system, path);
  if (platform !== 'darwin') return undefined;
  // `p1234` and `cscreen`, a line each.
  const said = (await system.run('lsof', ['-F', 'pc', '--', path], commandMs)) ?? '';
  const [, id] = /^p(\d+)$/m.exec(said) ?? [];
  const [, name] = /^c(.+)$/m.exec(said) ?? [];
  return id === undefined || Number(id) === process.pid ? undefined : { id, name: name ?? 'a program' };
}

async function linuxHolder(system: Patient['system'], path: string) {
  const ids = (await system.readFolder('/proc')).filter((name) => /^\d+$/.test(name));
  for (const id of ids.filter((each) => Number(each) !== process.pid)) {
    for (const fd of await system.readFolder(`/proc/${id}/fd`)) {
      if ((await system.readLink(`/proc/${id}/fd/${fd}`)) !== path) continue;
      return { id, name: programOf((await system.readText(`/proc/${id}/cmdline`)) ?? '') };
    }
  }
  return undefined;
}

/** For an interpreter the script's name says more: `thonny` rather than `python3`. */
function programOf(commandLine: string): string {
  const [program = '', ...args] = commandLine.split('\0').filter((word) => word !== '');
  const isInterpreter = /^(?:python[\d.]*|node|nodejs)$/.test(basename(program));
  const script = args.find((word) => !word.startsWith('-'));
  return basename((isInterpreter ? script : undefined) ?? program).replace(/\.(?:py|js)$/, '') || 'a program';
}
