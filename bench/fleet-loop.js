/**
 * Loaded with --import into a process that is measured. Says at its end how long its event loop was held at most, before it talked to a board (while
 * the program was loaded) and from then on, and its memory.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
/** @type {number | undefined} */
let startHeldMs;
subscribe('net.client.socket', () => {
  if (startHeldMs !== undefined) return;
  startHeldMs = delays.max / 1e6;
  delays.reset();
});
process.once('exit', () => {
  const { max, mean } = delays;
  const [heldMs, p99Ms, meanMs] = [max, delays.percentile(99.9), mean].map((ns) => ns / 1e6);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const told = JSON.stringify({ startHeldMs, heldMs, p99Ms, meanMs, peakMb });
  writeFileSync(process.env['UPYW_BENCH_LOOP'] ?? '/dev/null', told);
});
