import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Who has a device open, for `port/busy`: `thonny (process 1234)`. Linux only, and only what this user may see; undefined otherwise. Who offers a
 * pseudo-terminal (`sim serve`, socat) has it open as well, and is named only where nobody else is there.
 */
export async function findPortHolder(path: string, procFolder = '/proc'): Promise<string | undefined> {
  const { users, servers } = await whoHas(path, procFolder);
  return users[0] ?? servers[0];
}

/** Who uses a pseudo-terminal that somebody offers. */
export async function findTerminalUser(path: string, procFolder = '/proc'): Promise<string | undefined> {
  return (await whoHas(path, procFolder)).users[0];
}

type Use = 'users' | 'servers';

async function whoHas(path: string, procFolder: string): Promise<Readonly<Record<Use, string[]>>> {
  const device = await realpath(path).catch(() => path);
  const ids = (await readdir(procFolder).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: Record<Use, string[]> = { users: [], servers: [] };
  const uses = await Promise.all(ids.map((id) => useOf(join(procFolder, id), device)));
  for (const [nth, id] of ids.entries()) {
    const use = uses[nth];
    if (use !== undefined) found[use].push(`${await programName(join(procFolder, id))} (process ${id})`);
  }
  return found;
}

/** What a process has a device open for. */
async function useOf(processFolder: string, device: string): Promise<Use | undefined> {
  const fds = await readdir(join(processFolder, 'fd')).catch(() => []);
  const targets = await Promise.all(fds.map((fd) => readlink(join(processFolder, 'fd', fd)).catch(() => '')));
  if (!targets.includes(device)) return undefined;
  const index = /^\/dev\/pts\/(\d+)$/.exec(device)?.[1];
  if (index === undefined) return 'users';
  const masters = fds.filter((_, nth) => /^\/dev\/(?:pts\/)?ptmx$/.test(targets[nth] ?? ''));
  const infos = await Promise.all(
    masters.map((fd) => readFile(join(processFolder, 'fdinfo', fd), 'utf8').catch(() => '')),
  );
  const offersIt = infos.some((info) => /^tty-index:\s*(\d+)$/m.exec(info)?.[1] === index);
  return offersIt ? 'servers' : 'users';
}

/** For an interpreter the script's name says more: `thonny` rather than `python3`, `upyw` rather than `node`. */
async function programName(processFolder: string): Promise<string> {
  const [program = '', ...args] = await readFile(join(processFolder, 'cmdline'), 'utf8').then(
    (text) => text.split('\0').filter((arg) => arg !== ''),
    () => [],
  );
  const script = args.find((arg) => !arg.startsWith('-'));
  const isInterpreter = /^(python[\d.]*|node|nodejs)$/.test(basename(program));
  const name = isInterpreter && script !== undefined ? script : program;
  return basename(name).replace(/\.(py|js)$/, '') || 'another program';
}

/** The name of the group whose members may open a device, for `port/permission`; undefined when that is root's. */
export async function findOwningGroup(path: string, groupFile = '/etc/group'): Promise<string | undefined> {
  const gid = await stat(path).then(
    (stats) => stats.gid,
    () => 0,
  );
  if (gid === 0) return undefined;
  const groups = await readFile(groupFile, 'utf8').catch(() => '');
  const line = groups.split('\n').find((group) => group.split(':')[2] === String(gid));
  return line?.split(':')[0];
}
