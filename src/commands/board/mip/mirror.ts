import { resolve } from 'node:path';
import type { Context } from '../../../context.js';
import { UpywError } from '../../../errors.js';
import { mirrorPackages } from '../../../packages/mirror.js';
import { parseSpec } from '../../../packages/spec.js';
import { formatBytes, formatCount } from '../../../ui/format.js';
import { type IndexFlags, withPackageNet } from './session.js';

/** `upyw mip mirror NAME… FOLDER`: an index with these packages, and what they need, in a folder. */
export async function mipMirror(
  context: Context,
  operands: readonly string[],
  flags: IndexFlags,
): Promise<void> {
  const { reporter, world } = context;
  const folder = operands.at(-1) ?? '';
  const specs = operands.slice(0, -1).map(parseSpec);
  const other = specs.find(({ kind }) => kind !== 'index');
  if (specs.length === 0 || other !== undefined) {
    const problem = 'a mirror has packages of the index: names, and then a folder';
    throw new UpywError('usage/arguments', { problem, command: 'upyw mip mirror' });
  }
  if (context.flags.dryRun) {
    reporter.result(
      { dryRun: true },
      `would copy ${formatCount(specs.length, 'package')} and what they need to ${folder}`,
    );
    return;
  }
  await withPackageNet(context, flags, async (session) => {
    const { net, onOld } = session;
    const done = reporter.busy('downloading');
    const shelves = { 6: session.shelf('6'), py: session.shelf('py') };
    const options = { net, signal: world.signal, onOld };
    const mirrored = await mirrorPackages(specs, resolve(world.cwd, folder), shelves, options).finally(done);
    const { packages, files, sizeBytes } = mirrored;
    reporter.info(
      `${packages.map(({ name }) => name).join(', ')}: ${formatCount(files, 'file')}, ${formatBytes(sizeBytes)}`,
    );
    reporter.result(
      { folder: resolve(world.cwd, folder), ...mirrored, dryRun: false },
      `From there: upyw mip install --index ${folder} NAME, or UPYW_MIP_INDEX=${folder}`,
    );
  });
}
