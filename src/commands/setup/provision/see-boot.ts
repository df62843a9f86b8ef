import type { Restart } from '../../../connecting/restart-board.js';
import type { Context } from '../../../context.js';
import { type BootReport, watchBoot } from '../../../provision/watch-boot.js';
import type { Port } from '../../../transport/port.js';

/** Starts a board and watches it join the network, with what its user is told meanwhile. Throws as `watchBoot` does. */
export async function seeBoot(
  context: Context,
  port: Port,
  prepare: () => Restart | Promise<Restart>,
  ssid: string,
): Promise<BootReport> {
  const { reporter, world } = context;
  const { timeout } = (await context.loadSettings()).values;
  const done = reporter.busy('waiting for the board to start and join the network');
  try {
    const { restart, startSign } = await prepare();
    const report = await watchBoot(port, restart, {
      ssid,
      startSign,
      timeoutMs: timeout === undefined ? undefined : timeout * 1000,
      signal: world.signal,
      onLine: (line) => {
        reporter.debug(`the board: ${line}`);
      },
    });
    done();
    if (!report.clock.isSet) {
      reporter.warn(
        `the clock is not set: ${report.clock.reason.replace(/[^.?!]$/, '$&.')} Wi-Fi works; another server: ntp.host, or --ntp-host`,
      );
    }
    return report;
  } finally {
    done();
  }
}
