import type { Context } from '../../context.js';
import { requireBackup } from '../../firmware/check-firmware.js';
import { restoreBackup } from '../../loader/restore-backup.js';
import { formatBytes } from '../../ui/format.js';
import { confirmLoss, whereAsked } from '../../ui/confirm-loss.js';
import { readNamed } from './firmware-file.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { PhaseProgress } from '../../ui/phase-progress.js';

/** `upyw restore FILE`: makes the chip what it was when `upyw backup` read it. */
export async function restore(context: Context, path: string, options: LoaderFlags): Promise<void> {
  const { flags, reporter, world } = context;
  const file = await readNamed(context, path);
  requireBackup(file.recognised, path);
  await withPort(context, async (port) => {
    await confirmLoss(
      context,
      `bring the chip ${whereAsked(context, port.name)} back to ${path}`,
      'What it holds now is lost, its files too.',
    );
    const done = await withLoader(context, port, options, async (loader) => {
      const progress = new PhaseProgress(reporter, 'restore');
      try {
        const { dryRun } = flags;
        const result = await restoreBackup(loader, file, {
          dryRun,
          onProgress: progress.update,
          signal: world.signal,
        });
        return { ...result, name: loader.chip.name, mac: loader.chip.mac };
      } finally {
        progress.stop();
      }
    });
    const { name, mac, writtenBytes, erasedBytes, unchangedBytes } = done;
    const counts = `${formatBytes(writtenBytes)} written, ${formatBytes(erasedBytes)} erased, ${formatBytes(unchangedBytes)} as it was`;
    reporter.result(
      { ...done, file: path, port: port.name, dryRun: flags.dryRun },
      flags.dryRun
        ? `would write ${formatBytes(writtenBytes)} and erase ${formatBytes(erasedBytes)} of the ${name} ${mac}`
        : `the ${name} ${mac} is as it was in ${path}, verified: ${counts}`,
    );
  });
}
