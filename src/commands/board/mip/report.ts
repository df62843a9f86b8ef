import type { Context } from '../../../context.js';
import { formatCount } from '../../../ui/format.js';
import { shownPath } from '../../../ui/shown-path.js';
import { joinPath } from '../../../board/board-path.js';
import { shownLocation } from '../../../net/location.js';
import type { PackagesPut } from './put-packages.js';

/** For `--json`. */
export function resultOf({ flags }: Context, { packages, fetched, plan, before }: PackagesPut): object {
  const at = (path: string) => joinPath(plan.target, path);
  return {
    target: plan.target,
    packages: packages.map(({ key, version, from, isAsked, needs }) => ({
      name: key,
      ...(version === undefined ? {} : { version }),
      ...(before.has(key) ? { before: before.get(key) ?? '' } : {}),
      from: shownLocation(from),
      asked: isAsked,
      needs,
      files: fetched.filter((file) => file.package === key).map(({ path }) => at(path)),
    })),
    written: plan.written.map(({ path, bytes, sha256 }) => ({
      path: at(path),
      sizeBytes: bytes.length,
      sha256,
    })),
    unchanged: plan.unchanged.map(({ path }) => at(path)),
    removed: plan.removed,
    dryRun: flags.dryRun,
  };
}

/** A line for each package. */
export function tellPut({ flags, reporter }: Context, put: PackagesPut): void {
  const { packages, fetched, plan, before } = put;
  for (const { key, version } of packages) {
    const files = fetched.filter((file) => file.package === key);
    const news = files.filter((file) => plan.written.includes(file)).length;
    const name = version === undefined ? key : `${key} ${version}`;
    const old = before.get(key);
    const from = old !== undefined && old !== version ? ` (was ${old})` : '';
    const verb = flags.dryRun ? 'would install' : 'installed';
    if (news === 0 && before.has(key)) reporter.info(`${name} is there already`);
    else
      reporter.info(
        `${verb} ${name}${from} in ${shownPath(plan.target)}: ${formatCount(files.length, 'file')}`,
      );
  }
  if (flags.dryRun) for (const path of plan.removed) reporter.info(`would remove ${shownPath(path)}`);
}
