import { nameKey, nameMistake } from '../../config/boards/board-name.js';
import { type NamedBoards, boardNamed, loadBoards } from '../../config/boards/load-boards.js';
import { openChosenPort, withPort } from '../../connecting/open-board.js';
import { identify } from '../../connecting/identify.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import type { NameChange } from '../../names/edit-boards.js';
import { formatTable } from '../../ui/format.js';

export interface NameOptions {
  readonly number?: string;
  readonly from?: string;
  readonly remove?: true;
}

/** `upyw name [NAME…]`: gives, shows and removes the names of boards, which live in upyw.boards.yaml. */
export async function name(context: Context, names: readonly string[], options: NameOptions): Promise<void> {
  const named = await loadBoards(context.world.cwd);
  const [first, second] = names;
  if (options.number !== undefined) {
    const { numberBoards } = await import('./name/number-boards.js');
    await numberBoards(context, named, { pattern: options.number, from: options.from, surplus: first });
  } else if (options.remove === true) await remove(context, named, names);
  else if (second !== undefined)
    throw usage(`two names are given, ${first ?? ''} and ${second}, for one board`);
  else if (first !== undefined) await give(context, named, first);
  else show(context, named);
}

function usage(problem: string): UpywError {
  return new UpywError('usage/arguments', { problem, command: 'upyw name' });
}

function show({ reporter }: Context, { path, boards }: NamedBoards): void {
  if (boards.length === 0)
    reporter.info('no board has a name yet: upyw name device01 gives the one that is plugged in one');
  const rows = boards.map(({ name: called, mac, settings }) => [
    called,
    mac,
    Object.keys(settings).join(', '),
  ]);
  reporter.result(
    {
      path: path ?? null,
      boards: boards.map(({ name: called, mac, index }) => ({ name: called, mac, index })),
    },
    formatTable(rows),
  );
}

async function give(context: Context, named: NamedBoards, wanted: string): Promise<void> {
  const { flags, reporter, world } = context;
  refuseBadName(wanted);
  const { mac, port } = await withPort(
    context,
    async (open) => ({ mac: (await identify(context, open, context.way))?.mac, port: open.name }),
    () => openChosenPort(context),
  );
  if (mac === undefined) throw new UpywError('name/no-mac', { port });
  refuseTaken(named, wanted, mac);
  const before = named.boards.find((board) => board.mac === mac)?.name;
  const path = flags.dryRun ? named.path : await write(world.cwd, named, { give: [{ name: wanted, mac }] });
  if (before !== undefined && nameKey(before) !== nameKey(wanted))
    reporter.info(`it was ${before}; what upyw.secrets.yaml has under that name is to be moved by hand`);
  reporter.result(
    {
      path: path ?? null,
      named: [{ name: wanted, mac, port, ...(before === undefined ? {} : { before }) }],
      dryRun: flags.dryRun,
    },
    `the board ${mac} on ${port} ${flags.dryRun ? 'would be' : 'is'} ${wanted}`,
  );
}

/** Throws `name/bad`. */
function refuseBadName(wanted: string): void {
  const reason = nameMistake(wanted);
  if (reason !== undefined) throw new UpywError('name/bad', { name: wanted, reason });
}

/** Throws `name/taken`. */
function refuseTaken({ boards, path = '' }: NamedBoards, wanted: string, mac: string): void {
  const other = boards.find((board) => nameKey(board.name) === nameKey(wanted) && board.mac !== mac);
  if (other !== undefined) throw new UpywError('name/taken', { name: other.name, mac: other.mac, path });
}

async function remove(context: Context, named: NamedBoards, names: readonly string[]): Promise<void> {
  const { flags, reporter, world } = context;
  if (names.length === 0) throw usage('no name is given to remove');
  const removed = names.map((each) => boardNamed(named, each).name);
  const path = flags.dryRun ? named.path : await write(world.cwd, named, { remove: removed });
  reporter.result(
    { path: path ?? null, removed, dryRun: flags.dryRun },
    `${flags.dryRun ? 'would remove' : 'removed'} ${removed.join(', ')}`,
  );
}

async function write(cwd: string, named: NamedBoards, change: NameChange): Promise<string> {
  return (await import('../../names/edit-boards.js')).editBoards(cwd, named, change);
}
