import type { FileStore } from '../../../board/file-store.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import { checkBytecode } from '../../../mpy/bytecode.js';
import { MpyCompiler } from '../../../mpy/compile.js';
import { shownLocation } from '../../../net/location.js';
import { readState } from '../../../packages/board-state.js';
import { type FetchedFile, fetchFiles } from '../../../packages/fetch-files.js';
import { type InstallPlan, install, installedPackage, planInstall } from '../../../packages/install.js';
import { withPackages } from '../../../packages/installed.js';
import { type ResolvedPackage, resolvePackages } from '../../../packages/resolve.js';
import type { PackageForm } from '../../../packages/shelf.js';
import type { PackageSpec } from '../../../packages/spec.js';
import { createHash } from 'node:crypto';
import { confirmLoss } from '../../../ui/confirm-loss.js';
import { firstOf } from '../../../ui/describe-files.js';
import { formatCount } from '../../../ui/format.js';
import { shownPath } from '../../../ui/shown-path.js';
import { copyOptions } from '../../files/copy-options.js';
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

/** Looks up, downloads, compares and installs. Throws `mip/…`, `net/…`, `mpy/…`, `board/…`. */
export async function putPackages(
  context: Context,
  session: PackageSession,
  { store, live }: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  { wanted, target, mpy }: PackagesToPut,
): Promise<PackagesPut> {
  const { reporter, world, flags } = context;
  const { signal } = world;
  const state = await readState(store, live?.board, { target, signal });
  const form: PackageForm = mpy === false || state.format.version !== 6 ? 'py' : '6';
  const resolved = await lookUp(context, session, wanted, form);
  const downloaded = await download(context, session, resolved.packages);
  const fetched = mpy === true ? await compileAll(downloaded, state.format.version === 6) : downloaded;
  for (const { path, bytes } of fetched) if (path.endsWith('.mpy')) checkBytecode(path, bytes, state.format);
  const added = resolved.packages.map((each) => installedPackage(each, shownLocation(each.from), fetched));
  const plan = await planInstall(store, state, fetched, withPackages(state.installed, added), { signal });
  const before = new Map(state.installed.packages.map(({ name, version }) => [name, version]));
  if (!flags.dryRun) {
    await confirmChanged(context, plan);
    const isNews =
      plan.written.length + plan.removed.length > 0 ||
      JSON.stringify(plan.installed) !== JSON.stringify(state.installed);
    if (isNews) await install(store, plan, copyOptions(context, 'install', named(resolved.packages)));
    for (const path of plan.removed)
      reporter.debug(`removed ${shownPath(path)}, which is of no use any more`);
  }
  return { packages: resolved.packages, fetched, plan, form: resolved.form, before };
}

async function lookUp(
  { reporter }: Context,
  session: PackageSession,
  wanted: PackagesToPut['wanted'],
  form: PackageForm,
): Promise<{ packages: readonly ResolvedPackage[]; form: PackageForm }> {
  if ('packages' in wanted) return wanted;
  const done = reporter.busy('looking up packages');
  const { packages } = await resolvePackages(wanted.specs, session.shelf(form, wanted.maxAgeMs)).finally(
    done,
  );
  return { packages, form };
}

async function download(
  { reporter, world }: Context,
  { net, onOld }: PackageSession,
  packages: readonly ResolvedPackage[],
): Promise<FetchedFile[]> {
  const done = reporter.busy('downloading');
  return fetchFiles(packages, { net, signal: world.signal, onOld }).finally(done);
}

/** Python as bytecode, but what only a chip compiles. */
async function compileAll(files: readonly FetchedFile[], isTaken: boolean): Promise<FetchedFile[]> {
  if (!isTaken) return [...files];
  const compiler = new MpyCompiler();
  try {
    const compiled: FetchedFile[] = [];
    for (const file of files) {
      const bytes = file.path.endsWith('.py')
        ? await compiler.compile({ name: file.path, source: file.bytes })
        : undefined;
      if (bytes === undefined) compiled.push(file);
      else {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        compiled.push({ ...file, path: file.path.replace(/\.py$/, '.mpy'), bytes, sha256 });
      }
    }
    return compiled;
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
