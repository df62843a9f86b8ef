import type { Context } from '../../context.js';
import { eraseChip } from '../../loader/erase-chip.js';
import { formatBytes } from '../../ui/format.js';
import { confirmLoss, whereAsked } from '../../ui/confirm-loss.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { PhaseProgress } from '../../ui/phase-progress.js';

/** `upyw erase`: leaves nothing on the chip. */
export async function erase(context: Context, options: LoaderFlags): Promise<void> {
  const { flags, reporter, world } = context;
  await withPort(context, async (port) => {
    await confirmLoss(
      context,
      `erase the whole chip ${whereAsked(context, port.name)}`,
      'Everything on it is lost, MicroPython and all files.',
    );
    const { erasedBytes, unchangedBytes, chip } = await withLoader(context, port, options, async (loader) => {
      loader.requireUnlocked();
      const progress = new PhaseProgress(reporter, 'erase');
      try {
        const { dryRun } = flags;
        const result = await eraseChip(loader, { dryRun, onProgress: progress.update, signal: world.signal });
        return { ...result, chip: loader.chip };
      } finally {
        progress.stop();
      }
    });
    const { name, mac } = chip;
    const counts = `${formatBytes(erasedBytes)} erased, ${formatBytes(unchangedBytes)} blank before`;
    reporter.result(
      { name, mac, port: port.name, erasedBytes, unchangedBytes, dryRun: flags.dryRun },
      flags.dryRun
        ? `would erase ${formatBytes(erasedBytes)} of the ${name} ${mac}`
        : `the ${name} ${mac} is blank: ${counts}`,
    );
  });
}
