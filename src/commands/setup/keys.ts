import { join, resolve } from 'node:path';
import { boardSecrets } from '../../config/boards/board-secrets.js';
import { nameMistake } from '../../config/boards/board-name.js';
import { loadBoards } from '../../config/boards/load-boards.js';
import { type ConfigFile, findConfigFile } from '../../config/find-files.js';
import { secretPlaces } from '../../config/places.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { type DeviceKey, nameHash, randomKey } from '../../names/keys.js';
import { saveKeys, savedKey } from '../../names/save-keys.js';
import { keepHere } from '../../local/keep-here.js';
import { writeDatabase } from '../../names/write-database.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { formatCount, formatTable } from '../../ui/format.js';

export interface KeysOptions {
  readonly count?: string;
  readonly prefix?: string;
  readonly random?: true;
  readonly save?: true;
  readonly out?: string;
}

/** The workshop's table has device00 to device09. */
const usual = { count: 10, prefix: 'device' };
const mostKeys = 10_000;

/** `upyw keys`: a key for each device, by which the workshop's web service knows it. */
export async function keys(context: Context, options: KeysOptions): Promise<void> {
  const { flags, reporter, world } = context;
  const names = await namesFor(context, options);
  const secrets = await findConfigFile(world.cwd, secretPlaces, 'upwards');
  const made = names.map((name) => keyFor(name, options, secrets));
  if (options.random !== true)
    reporter.info(
      'whoever knows the name of a device can compute its key; --random makes keys that nobody can guess',
    );
  const path = secrets?.path ?? join(world.cwd, secretPlaces[0] ?? '');
  if (options.save === true) await save(context, path, made, secrets);
  if (options.out !== undefined && !flags.dryRun) {
    const out = resolve(world.cwd, options.out);
    await writeDatabase(out, made);
    if (await keepHere(world.cwd, out))
      reporter.info(
        `${options.out} has the keys of all boards: .upywignore names it now, so that no board gets it`,
      );
  }
  reporter.result(
    {
      keys: made,
      ...(options.save === true ? { saved: path } : {}),
      ...(options.out === undefined ? {} : { out: options.out }),
      dryRun: flags.dryRun,
    },
    formatTable(made.map(({ name, key }) => [name, key])),
  );
}

/** The boards of the project, unless other names are asked for. */
async function namesFor({ world }: Context, { count, prefix }: KeysOptions): Promise<string[]> {
  if (count === undefined && prefix === undefined) {
    const { boards } = await loadBoards(world.cwd);
    if (boards.length > 0) return boards.map(({ name }) => name);
  }
  const total = count === undefined ? usual.count : /^\d+$/.test(count) ? Number(count) : Number.NaN;
  if (!(total >= 1 && total <= mostKeys)) {
    const expected = `a whole number from 1 to ${mostKeys}`;
    throw new UpywError('usage/bad-value', { name: '--count', value: count ?? '', expected });
  }
  const start = prefix ?? usual.prefix;
  const reason = nameMistake(`${start}00`);
  if (reason !== undefined) throw new UpywError('name/bad', { name: start, reason });
  const width = Math.max(2, String(total - 1).length);
  return Array.from({ length: total }, (_, index) => start + String(index).padStart(width, '0'));
}

/** A random key that was saved stays: the boards have it already. */
function keyFor(name: string, { random }: KeysOptions, secrets: ConfigFile | undefined): DeviceKey {
  if (random !== true) return { name, key: nameHash(name) };
  return { name, key: savedKey(secrets && boardSecrets(secrets, name)) ?? randomKey() };
}

async function save(
  context: Context,
  path: string,
  made: readonly DeviceKey[],
  secrets: ConfigFile | undefined,
): Promise<void> {
  const { flags, reporter } = context;
  const replaced = made.filter(({ name, key }) => {
    const before = savedKey(secrets && boardSecrets(secrets, name));
    return before !== undefined && before !== key;
  });
  if (replaced.length > 0)
    await confirmLoss(
      context,
      `replace ${formatCount(replaced.length, 'key')} in ${path}`,
      'Boards that have the old ones need to be provisioned again.',
    );
  if (flags.dryRun) return;
  await saveKeys(path, made);
  if (secrets === undefined)
    reporter.warn(
      `${path} is new: keep it out of git, for example by upyw init, which adds it to .gitignore`,
    );
}
