/** Loaded with --import into a process that is measured: says at its end how long its event loop was held, and its memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { writeFileSync } from 'node:fs';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.once('exit', () => {
  const heldMs = delays.max / 1e6;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  writeFileSync(process.env['UPYW_BENCH_LOOP'] ?? '/dev/null', JSON.stringify({ heldMs, peakMb }));
});
