import type { FileStore } from '../../../board/file-store.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import { bytecodeVersion, checkBytecode } from '../../../mpy/bytecode.js';
import { MpyCompiler } from '../../../mpy/compile.js';
import { shownLocation } from '../../../net/location.js';
import type { PackageState } from '../../../packages/board-state.js';
import { type FetchedFile, fetchFiles } from '../../../packages/fetch-files.js';
import {
  type InstallPlan,
  install,
  installedPackage,
  placesOf,
  planInstall,
} from '../../../packages/install.js';
import { installedText, withPackages } from '../../../packages/installed.js';
import { hashBytes } from '../../../local/hash-local.js';
import { lockName } from '../../../local/lock-parts.js';
import { type ResolvedPackage, resolvePackages } from '../../../packages/resolve.js';
import type { PackageForm } from '../../../packages/shelf.js';
import type { PackageSpec } from '../../../packages/spec.js';
import { UpywError } from '../../../errors.js';
import { confirmLoss } from '../../../ui/confirm-loss.js';
import { firstOf } from '../../../ui/describe-files.js';
import { formatCount } from '../../../ui/format.js';
import { shownPath } from '../../../ui/shown-path.js';
import { copyOptions } from '../../files/copy-options.js';
import { lookAtPackages } from './look.js';
import type { PackageSession } from './session.js';

/** What is to be on a board. */
export interface PackagesToPut {
  /** Looked up in the form that the board takes, or known already. */
  readonly wanted:
    | { readonly specs: readonly PackageSpec[]; readonly maxAgeMs?: number }
    | { readonly packages: readonly ResolvedPackage[]; readonly form: PackageForm };
  readonly target: string | undefined;
  /** True: what comes as Python is compiled here. False: no bytecode. */
  readonly mpy: boolean | undefined;
}

/** What came of it. */
export interface PackagesPut {
  readonly packages: readonly ResolvedPackage[];
  readonly fetched: readonly FetchedFile[];
  readonly plan: InstallPlan;
  readonly form: PackageForm;
  /** Of each package the version that was there before. */
  readonly before: ReadonlyMap<string, string | undefined>;
}

/** Looks up, downloads, compares and installs. `early` is what was begun before the board was at hand. Throws `mip/…`, `net/…`, `mpy/…`, `board/…`. */
export async function putPackages(
  context: Context,
  session: PackageSession,
  { store, live }: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  { wanted, target, mpy }: PackagesToPut,
  early = beginDownload(context, session, { wanted, mpy }),
): Promise<PackagesPut> {
  const done = context.reporter.busy('downloading packages');
  try {
    const { packages } = await early.lookedUp;
    // What is compiled here has other names.
    const names = mpy === true ? undefined : placesOf(packages.flatMap(({ files }) => files));
    const state = await lookAtPackages(context, { store, live }, { target, names });
    if ('packages' in wanted) requireForm(wanted.form, state);
    const isTaken = state.format.version === bytecodeVersion;
    const isOther = !isTaken && !('packages' in wanted);
    const ready = await (isOther ? beginDownload(context, session, { wanted, mpy: false }) : early).ready;
    done();
    const compiled = isTaken && mpy === true ? await compileAll(ready) : ready;
    const known = isOther ? { ...state, places: undefined } : state;
    return await placePackages(context, { store, live }, known, compiled);
  } finally {
    done();
  }
}

/** A download that has begun. */
export interface PackageDownload {
  /** Known before the files are here. */
  readonly lookedUp: Promise<Pick<ReadyPackages, 'packages' | 'form'>>;
  readonly ready: Promise<ReadyPackages>;
}

/** Begins to look up and to download, in the form that nearly all boards take. It needs no board, so it goes on while one is waited for. */
export function beginDownload(
  { world }: Context,
  session: PackageSession,
  { wanted, mpy }: Pick<PackagesToPut, 'wanted' | 'mpy'>,
): PackageDownload {
  const lookUp = async () => {
    if ('packages' in wanted) return wanted;
    const form: PackageForm = mpy === false ? 'py' : '6';
    return { ...(await resolvePackages(wanted.specs, session.shelf(form, wanted.maxAgeMs))), form };
  };
  const lookedUp = lookUp();
  const { net, onOld } = session;
  const ready = lookedUp.then(async (found) => ({
    ...found,
    fetched: await fetchFiles(found.packages, { net, signal: world.signal, onOld }),
  }));
  // Seen when it is waited for; where the board cannot be opened, that is what is told.
  for (const each of [lookedUp, ready]) each.catch(() => undefined);
  return { lookedUp, ready };
}

/** Packages with all their files, ready to be put on a board. */
export type ReadyPackages = Pick<PackagesPut, 'packages' | 'fetched' | 'form'>;

/** Compares what was downloaded with what is there, and installs it. Throws `mip/…`, `mpy/…`, `board/…`. */
export async function placePackages(
  context: Context,
  { store, live }: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  state: PackageState,
  { packages, fetched, form }: ReadyPackages,
): Promise<PackagesPut> {
  const { reporter, world, flags } = context;
  for (const { path, bytes } of fetched) if (path.endsWith('.mpy')) checkBytecode(path, bytes, state.format);
  const added = packages.map((each) => installedPackage(each, shownLocation(each.from), fetched));
  const after = withPackages(state.installed, added);
  const plan = await planInstall(store, state, fetched, after, { signal: world.signal });
  const before = new Map(state.installed.packages.map(({ name, version }) => [name, version]));
  const put = { packages, fetched, plan, form, before };
  if (flags.dryRun) return put;
  await confirmChanged(context, plan);
  const isNews =
    plan.written.length + plan.removed.length > 0 || installedText(after) !== installedText(state.installed);
  if (isNews) await install(store, live?.board, plan, copyOptions(context, 'install', named(packages)));
  for (const path of plan.removed) reporter.debug(`removed ${shownPath(path)}, which is of no use any more`);
  return put;
}

/** Throws `mip/lock-format` where a lock has bytecode that the board does not load. */
export function requireForm(form: PackageForm, { format }: PackageState): void {
  if (form === 'py' || format.version === bytecodeVersion) return;
  const board = format.version === 0 ? 'no bytecode' : `version ${format.version}`;
  throw new UpywError('mip/lock-format', { lock: lockName, locked: `bytecode of version ${form}`, board });
}

/** Python as bytecode, but what only a chip compiles. */
async function compileAll({ fetched, ...rest }: ReadyPackages): Promise<ReadyPackages> {
  const compiler = new MpyCompiler();
  try {
    const compiled: FetchedFile[] = [];
    for (const file of fetched) {
      const bytes = file.path.endsWith('.py')
        ? await compiler.compile({ name: file.path, source: file.bytes })
        : undefined;
      if (bytes === undefined) compiled.push(file);
      else {
        const { sha256 } = hashBytes(bytes);
        compiled.push({ ...file, path: file.path.replace(/\.py$/, '.mpy'), bytes, sha256 });
      }
    }
    // A package may bring the same as bytecode itself: one file for a name.
    return { ...rest, fetched: [...new Map(compiled.map((file) => [file.path, file])).values()] };
  } finally {
    await compiler.close();
  }
}

/** What somebody has worked on is not lost unasked, where somebody can answer. */
async function confirmChanged(context: Context, { changedSince }: InstallPlan): Promise<void> {
  if (changedSince.length === 0) return;
  const names = firstOf(changedSince.map(shownPath));
  context.reporter.warn(`${names} on the board was changed after it was installed`);
  await confirmLoss(context, `replace ${names}`, 'What it holds now will be lost.');
}

function named(packages: readonly ResolvedPackage[]): string {
  const asked = packages.filter(({ isAsked }) => isAsked).map(({ key }) => key);
  return asked.length === 1 ? (asked[0] ?? '') : formatCount(asked.length, 'package');
}
