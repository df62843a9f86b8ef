import type { FileStore } from '../../../board/file-store.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import { readState } from '../../../packages/board-state.js';
import { lockedPackages, requireFit } from '../../../packages/lock.js';
import { resolvePackages } from '../../../packages/resolve.js';
import { parseSpec } from '../../../packages/spec.js';
import { projectPackages, writeLock } from './project.js';
import {
  type PackagesPut,
  type ReadyPackages,
  download,
  placePackages,
  requireForm,
} from './put-packages.js';
import { withPackageNet } from './session.js';

/**
 * Downloads what the configuration has under `packages:`, as its lock says; without a lock the newest, and a lock is written. Undefined where
 * it has none. No board is needed for it. Throws `mip/lock-differs`, `mip/…`, `net/…`.
 */
export async function readyProjectPackages(context: Context): Promise<ReadyPackages | undefined> {
  const project = await projectPackages(context);
  const { specs, lock, lockPath } = project;
  if (lock !== undefined) requireFit(lock, specs, lockPath);
  if (specs.length === 0) return undefined;
  return withPackageNet(context, {}, async (session) => {
    const form = lock?.form ?? '6';
    const packages =
      lock === undefined
        ? (await resolvePackages(specs.map(parseSpec), session.shelf(form))).packages
        : lockedPackages(lock, session.index);
    const fetched = await download(context, session, packages);
    if (lock === undefined && !context.flags.dryRun)
      await writeLock(context, project, { packages, fetched, form });
    return { packages, fetched, form };
  });
}

/** Puts them on a board, or into an image. Throws `mip/lock-format`, `board/…`. */
export async function putProjectPackages(
  context: Context,
  { store, live }: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  ready: ReadyPackages,
): Promise<PackagesPut> {
  const state = await readState(store, live?.board, { target: undefined, signal: context.world.signal });
  requireForm(ready.form, state);
  return placePackages(context, store, state, ready);
}
