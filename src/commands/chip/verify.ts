import type { Context } from '../../context.js';
import { verifyFlash } from '../../loader/verify-flash.js';
import { formatBytes } from '../../ui/format.js';
import { readNamed } from './firmware-file.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { PhaseProgress } from '../../ui/phase-progress.js';

export interface VerifyFlags extends LoaderFlags {
  readonly offset?: string;
}

/** `upyw verify FILE`: whether the chip holds this firmware or backup. */
export async function verify(context: Context, path: string, options: VerifyFlags): Promise<void> {
  const { reporter, world } = context;
  const offset = parseBytes('--offset', options.offset);
  const file = await readNamed(context, path);
  await withPort(context, async (port) => {
    const done = await withLoader(context, port, options, async (loader) => {
      const progress = new PhaseProgress(reporter, 'verify');
      try {
        const onProgress = progress.update;
        const result = await verifyFlash(loader, file, { offset, onProgress, signal: world.signal });
        return { ...result, name: loader.chip.name, mac: loader.chip.mac };
      } finally {
        progress.stop();
      }
    });
    const { name, mac, sizeBytes } = done;
    reporter.result(
      { ...done, file: path, port: port.name, equal: true },
      `the ${name} ${mac} holds ${path}, all ${formatBytes(sizeBytes)} of it`,
    );
  });
}
