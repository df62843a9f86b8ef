import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findConfigFile } from '../../../config/find-files.js';
import { projectPlaces } from '../../../config/places.js';
import type { Context } from '../../../context.js';
import { UpywError } from '../../../errors.js';
import { errorCode, localError } from '../../../errors/local-error.js';
import { writeLocalFile } from '../../../local/local-files.js';
import { lockName, lockPath as lockBeside } from '../../../local/lock-parts.js';
import type { Location } from '../../../net/location.js';
import {
  type Lock,
  lockWith,
  lockedPackages,
  makeLock,
  parseLock,
  requireFit,
} from '../../../packages/lock.js';
import { parseSpec, specText } from '../../../packages/spec.js';
import type { PackagesToPut, ReadyPackages } from './put-packages.js';
import { addPackages } from './add-packages.js';

/** The packages of a project, and where they are written. */
export interface Project {
  /** Undefined where there is no config file. */
  readonly configPath: string | undefined;
  readonly lockPath: string;
  readonly specs: readonly string[];
  readonly lock: Lock | undefined;
  /** What is in the lock file. */
  readonly lockText: string | undefined;
}

/** Throws `config/…`, `mip/lock-unreadable`, `mip/bad-spec`. */
export async function projectPackages(context: Context): Promise<Project> {
  const { cwd } = context.world;
  const { values } = await context.loadSettings();
  const config = await findConfigFile(cwd, projectPlaces, 'upwards');
  const lockPath = lockBeside(config?.path ?? join(cwd, 'upyw.config.yaml'));
  const specs = values.packages.map((text) => specText(parseSpec(text)));
  const text = await readFile(lockPath, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw localError(error, lockPath);
  });
  const lock = text === undefined ? undefined : parseLock(text, lockPath);
  return { configPath: config?.path, lockPath, specs, lock, lockText: text };
}

/** What the lock says, where it fits the config and the form that is wanted; undefined where it is to be made anew. */
export async function lockedWanted(
  { lock, specs, lockPath }: Project,
  index: Location,
  mpy: boolean | undefined,
): Promise<PackagesToPut['wanted'] | undefined> {
  if (lock === undefined || mpy === true || (mpy === false && lock.form !== 'py')) return undefined;
  try {
    requireFit(lock, specs, lockPath);
  } catch {
    return undefined;
  }
  return Promise.resolve({ packages: lockedPackages(lock, index), form: lock.form });
}

/** Writes what was installed to the byte. */
export async function writeLock(
  { reporter }: Context,
  { lockPath, lockText: before }: Project,
  { packages, fetched, form }: ReadyPackages,
): Promise<void> {
  const lock = makeLock(packages, fetched, form);
  await writeLocalFile(lockPath, new TextEncoder().encode(lockWith(before, lock, lockPath)));
  reporter.info(`wrote ${lockName}: commit it, and everybody gets the same files`);
}

/** Adds to `packages:` of the config, which stays as it is otherwise. Throws `config/…`, `file/…`. */
export async function savePackages(
  context: Context,
  project: Project,
  specs: readonly string[],
): Promise<void> {
  const missing = specs.filter((spec) => !project.specs.includes(spec));
  if (missing.length === 0) return;
  const path = project.configPath ?? join(context.world.cwd, 'upyw.config.yaml');
  const before = project.configPath === undefined ? '' : await readFile(path, 'utf8');
  const after = addPackages(path, before, missing);
  if (after === undefined) {
    const problem = `it is not written by programs; add ${missing.join(', ')} to its packages`;
    throw new UpywError('config/invalid', { source: path, key: 'packages', problem });
  }
  await writeLocalFile(path, new TextEncoder().encode(after));
  context.reporter.info(`wrote ${missing.join(', ')} into ${path}`);
}
