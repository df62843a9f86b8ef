import type { Context } from '../context.js';
import { connectLoader } from '../loader/connect-loader.js';
import type { Loader } from '../loader/loader.js';
import type { Port } from '../transport/port.js';
import { hasTerminal } from '../world.js';

/** Flags of all commands that talk to the loader. */
export interface LoaderFlags {
  /** False with `--no-stub`. */
  readonly stub?: boolean;
}

/**
 * Brings the board on `port` into its loader, hands it over, and restarts it into its firmware whatever happens. `--baud` is
 * the rate to aim for; a rate from the environment or a config file is the console's and does not count here.
 */
export async function withLoader<Result>(
  { world, reporter, flags }: Context,
  port: Port,
  { stub }: LoaderFlags,
  use: (loader: Loader) => Promise<Result>,
): Promise<Result> {
  const done = reporter.busy(`waiting for the loader on ${port.name}`);
  const onByHand = () => {
    done();
    reporter.warn(`${port.name}: the board does not enter its loader by itself`);
    reporter.info('Hold BOOT, tap EN (RST), then let BOOT go. Waiting for a minute …');
  };
  const loader = await connectLoader(port, {
    baudRate: flags.settings.baud,
    stub,
    signal: world.signal,
    onNotice: (notice) => {
      reporter.warn(notice);
    },
    ...(hasTerminal(world) && world.stderr.isTTY === true ? { onByHand } : {}),
  }).finally(done);
  const { chip, flash } = loader;
  reporter.info(
    `${chip.name} ${chip.mac} on ${port.name}, ${flash.sizeBytes / 0x100000} MB flash, ${port.baudRate} baud`,
  );
  try {
    return await use(loader);
  } finally {
    // A port that is gone needs no reset; what went wrong before is what counts.
    await loader.leave().catch(() => undefined);
  }
}
