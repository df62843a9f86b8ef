import type { FileStore } from '../../board/file-store.js';
import type { LoadedSettings } from '../../config/load-settings.js';
import { macFrom } from '../../config/boards/mac.js';
import { requireCommon } from '../../config/require-common.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { applyPlan, bytesToWrite } from '../../provision/apply.js';
import { type Conceal, type ProvisionPlan, isToBeWritten, planProvision } from '../../provision/plan.js';
import { concealed } from '../../transport/concealed.js';
import { formatCount } from '../../ui/format.js';
import { hasTerminal } from '../../world.js';
import type { WantedFile } from '../../provision/planned-file.js';
import { wantedFiles } from '../../provision/wanted-files.js';
import { shownPath } from '../../ui/shown-path.js';
import { type LiveBoard, withFiles } from '../../connecting/open-files.js';
import { describePlan, describeReport, planAsJson } from './provision/report.js';
import { prepareRestart } from '../../connecting/restart-board.js';
import { putPackages, readyPackages } from './provision/packages.js';
import { seeBoot } from './provision/see-boot.js';
import { type SettingFlags, provisionSettings } from './provision/wifi-settings.js';
import { withProgress } from '../../ui/with-progress.js';

export interface ProvisionOptions extends SettingFlags {
  /** Put main.py of the configuration in the place of the board's. */
  readonly main?: true;
  /** False with `--no-check`. */
  readonly check: boolean;
  readonly undo?: true;
  /** False with `--no-wifi`. */
  readonly wifi: boolean;
}

/**
 * `upyw provision`: config.py, Wi-Fi and clock at every boot, libraries and files. boot.py is touched last, when all that it
 * needs is there and verified; then the board is seen to do it.
 */
export async function provision(context: Context, options: ProvisionOptions): Promise<void> {
  if (options.undo === true) {
    await (await import('./provision/undo.js')).undoProvision(context);
    return;
  }
  const { reporter, world, flags } = context;
  const common = options.wifi ? await provisionSettings(context, options) : await context.loadSettings();
  // Before a port is opened: what is missing here is told without one.
  const filesForAny = await wantedFor(context, common, options);
  const packages = await readyPackages(context, common);
  const { port } = common.values;
  await withFiles(context, async (board, live) => {
    const loaded = await ownSettings(context, common, live);
    const startsWifi = options.wifi && loaded.values['wifi.ssid'] !== undefined;
    const wanted = loaded === common ? filesForAny : await wantedFor(context, loaded, options);
    const conceal: Conceal = (work) => (live === undefined ? work() : concealed(live.port, work));
    const plan = await planProvision(board, wanted, { conceal, startsWifi, signal: world.signal });
    tellOddities(context, plan);
    if (flags.dryRun) {
      for (const { key } of packages?.packages ?? []) reporter.info(`would install ${key}`);
      reporter.result({ dryRun: true, ...planAsJson(plan), own: loaded.own }, describePlan(plan, loaded.own));
      return;
    }
    await confirmKept(context, plan);
    const put = await putPackages(context, { store: board, live }, packages);
    await apply(context, board, plan);
    const done = { port: live?.port.name ?? port, ...planAsJson(plan), ...put };
    if (startsWifi) {
      const ssid = loaded.values['wifi.ssid'] ?? '';
      await seeWifi(context, live, { done, ssid, check: options.check, port });
    } else {
      reporter.result({ ...done, checked: false }, 'Wi-Fi is left out: upyw provision --ssid NAME adds it');
    }
  });
}

/** Restarts the board to see it join the network, where there is one and somebody wants to know. */
async function seeWifi(
  context: Context,
  live: LiveBoard | undefined,
  how: { readonly done: object; readonly ssid: string; readonly check: boolean; readonly port: string },
): Promise<void> {
  const { signal } = context.world;
  const { done, ssid, check, port } = how;
  const report =
    check && live !== undefined
      ? await seeBoot(context, live.port, () => prepareRestart(live.port, live.board, signal), ssid)
      : undefined;
  const next =
    live === undefined
      ? `put into ${port}: the board that it is written to does it at its start`
      : 'not checked: upyw reset starts it, and upyw repl shows what it does';
  const text = report === undefined ? next : describeReport(ssid, report);
  context.reporter.result({ ...done, ssid, checked: report !== undefined, ...report }, text);
}

function wantedFor(
  { world }: Context,
  loaded: LoadedSettings,
  options: ProvisionOptions,
): Promise<WantedFile[]> {
  const startsWifi = options.wifi && loaded.values['wifi.ssid'] !== undefined;
  return wantedFiles(loaded, { cwd: world.cwd, replaceMain: options.main === true, startsWifi });
}

/** The settings of the board that answers, where a board may have its own. */
async function ownSettings(
  context: Context,
  common: LoadedSettings,
  live: LiveBoard | undefined,
): Promise<LoadedSettings> {
  if (!common.mayDiffer) return common;
  const { uniqueId = '' } = live === undefined ? {} : await live.board.info({ signal: context.world.signal });
  const mac = macFrom(uniqueId);
  // What stands for a board's own value must not get to a board as it is written.
  return mac === undefined ? requireCommon(common) : context.settingsFor(mac);
}

async function apply({ reporter, world }: Context, board: FileStore, plan: ProvisionPlan): Promise<void> {
  const files = [...plan.kept, ...plan.files.filter(isToBeWritten)];
  const count = files.length + (plan.boot?.content === undefined ? 0 : 1);
  if (count === 0) {
    reporter.info('everything is on the board already');
    return;
  }
  await withProgress(reporter, `put ${formatCount(count, 'file')}`, bytesToWrite(plan), (onProgress) =>
    applyPlan(board, plan, { onProgress, signal: world.signal }),
  );
}

/** Files of somebody else's making are kept, which is said, and asked for where somebody can answer. */
async function confirmKept({ reporter, flags, world }: Context, { kept }: ProvisionPlan): Promise<void> {
  for (const { oldPath, path } of kept) {
    reporter.warn(
      `${shownPath(oldPath)} on the board is not of upyw provision's making: it is kept as ${shownPath(path)}; upyw provision --undo brings it back${ownNames(oldPath)}`,
    );
  }
  if (kept.length === 0 || flags.yes || !hasTerminal(world)) return;
  const what = `replace ${kept.map(({ oldPath }) => shownPath(oldPath)).join(', ')}`;
  if (!(await world.prompts.confirm(`This will ${what}. Go on?`)))
    throw new UpywError('usage/declined', { what });
}

/** A config.py has names that programs of the board may need. */
function ownNames(path: string): string {
  return path === '/config.py'
    ? '. Programs that take names of their own from it find them again under extra: of your upyw.config.yaml'
    : '';
}

/** What is on the board already and may not be meant. */
function tellOddities({ reporter }: Context, { files, boot }: ProvisionPlan): void {
  if (boot?.present?.hasArguments === true) {
    reporter.warn(
      'boot.py on the board starts Wi-Fi with a network of its own, which counts instead of config.py: look at its call of startup()',
    );
  }
  for (const { path } of files.filter(({ state }) => state === 'kept')) {
    reporter.info(`${path} on the board is another one and stays; --main puts yours in its place`);
  }
}
