import type { Candidate } from './candidates.js';

/** Ports and names of boards that can be given to `-p`. What cannot be found out is left out. */
export async function portCandidates(): Promise<Candidate[]> {
  const [ports, names] = await Promise.all([serialPorts().catch(() => []), boardNames().catch(() => [])]);
  return [...ports, ...names, { value: 'sim:', what: 'a virtual board' }];
}

async function serialPorts(): Promise<Candidate[]> {
  const { listSerialPorts } = await import('../transport/serial/list-ports.js');
  const ports = await listSerialPorts();
  return ports.map(({ path, bridge, manufacturer }) => ({ value: path, what: bridge ?? manufacturer ?? '' }));
}

async function boardNames(): Promise<Candidate[]> {
  const { loadBoards } = await import('../config/boards/load-boards.js');
  const { boards } = await loadBoards(process.cwd());
  return boards.map(({ name, mac }) => ({ value: `name:${name}`, what: mac }));
}
