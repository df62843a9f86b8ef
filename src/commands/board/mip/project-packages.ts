import type { FileStore } from '../../../board/file-store.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import { placesOf } from '../../../packages/install.js';
import { lockedPackages, requireFit } from '../../../packages/lock.js';
import { parseSpec } from '../../../packages/spec.js';
import { projectPackages, writeLock } from './project.js';
import { lookAtPackages } from './look.js';
import {
  type PackagesPut,
  type ReadyPackages,
  beginDownload,
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
    const wanted =
      lock === undefined
        ? { specs: specs.map(parseSpec) }
        : { packages: lockedPackages(lock, session.index), form: lock.form };
    const done = context.reporter.busy('downloading packages');
    const ready = await beginDownload(context, session, { wanted, mpy: undefined }).ready.finally(done);
    if (lock === undefined && !context.flags.dryRun) await writeLock(context, project, ready);
    return ready;
  });
}

/** Puts them on a board, or into an image. Throws `mip/lock-format`, `board/…`. */
export async function putProjectPackages(
  context: Context,
  on: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  ready: ReadyPackages,
): Promise<PackagesPut> {
  const state = await lookAtPackages(context, on, { target: undefined, names: placesOf(ready.fetched) });
  requireForm(ready.form, state);
  return placePackages(context, on, state, ready);
}
