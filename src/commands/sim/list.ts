import type { Context } from '../../context.js';
import { formatTable } from '../../ui/format.js';

/** `upyw sim list`: the virtual boards that have been used, and who has them on. */
export async function simList({ reporter }: Context): Promise<void> {
  const { listBoards } = await import('../../sim/boards.js');
  const boards = listBoards();
  if (boards.length === 0) reporter.info('no virtual board has been used yet; make one: upyw -p sim: ls');
  const rows = boards.map(({ name, holder }) => [
    `sim:${name}`,
    holder === undefined ? 'off' : `on: ${holder}`,
  ]);
  reporter.result({ boards }, formatTable(rows));
}
