import type { Context } from '../../../context.js';
import { shownLocation } from '../../../net/location.js';
import { resolvePackages } from '../../../packages/resolve.js';
import { parseSpec } from '../../../packages/spec.js';
import { formatTable } from '../../../ui/format.js';
import { type IndexFlags, withPackageNet } from './session.js';

/** `upyw mip show NAME`: what a package is, and what it brings. */
export async function mipShow(context: Context, name: string, flags: IndexFlags): Promise<void> {
  const spec = parseSpec(name);
  await withPackageNet(context, flags, async (session) => {
    const sources = session.shelf('py');
    const { packages } = await resolvePackages([spec], sources);
    const [asked, ...needed] = packages;
    if (asked === undefined) return;
    const entry =
      spec.kind === 'index'
        ? (await sources.entries().catch(() => [])).find((each) => each.name === asked.key)
        : undefined;
    const needs = needed.map(({ key }) => key);
    const shown = {
      name: asked.key,
      version: asked.version ?? entry?.version ?? '',
      description: entry?.description ?? '',
      author: entry?.author ?? '',
      license: entry?.license ?? '',
      versions: entry?.versions['py'] ?? [],
      from: shownLocation(asked.from),
      files: asked.files.map(({ path }) => path),
      needs,
    };
    const rows = [
      ['name', shown.name],
      ['version', shown.version],
      ['about', shown.description],
      ['by', shown.author],
      ['license', shown.license],
      ['versions', shown.versions.join(', ')],
      ['from', shown.from],
      ['files', shown.files.join(', ')],
      ['needs', needs.join(', ')],
    ].filter(([, value]) => value !== '');
    context.reporter.result(shown, formatTable(rows));
  });
}
