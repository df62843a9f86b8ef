import type { Context } from '../../../context.js';
import { shownLocation } from '../../../net/location.js';
import { oldName } from '../../../packages/old-names.js';
import { formatTable } from '../../../ui/format.js';
import { type IndexFlags, withPackageNet } from './session.js';

/** `upyw mip search [WORD…]`: packages of the index by their names and descriptions. */
export async function mipSearch(
  context: Context,
  words: readonly string[],
  flags: IndexFlags,
): Promise<void> {
  await withPackageNet(context, flags, async (session) => {
    const { index } = session;
    const entries = await session.shelf('py').entries();
    const wanted = words.map((word) => word.toLowerCase());
    const packages = entries
      .filter(({ name, description }) =>
        wanted.every((word) => `${name} ${description}`.toLowerCase().includes(word)),
      )
      .map(({ name, version, description, author, license }) => ({
        name,
        version,
        description,
        author,
        license,
      }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    if (packages.length === 0)
      context.reporter.info(`no package of ${shownLocation(index)} has ${words.join(' ')} in it`);
    for (const word of words) {
      const old = oldName(word);
      if (old?.kind === 'built in')
        context.reporter.info(`${old.name} is built into MicroPython: import ${old.name}`);
    }
    const rows = packages.map(({ name, version, description }) => [name, version, description]);
    context.reporter.result({ index: shownLocation(index), packages }, formatTable(rows));
  });
}
