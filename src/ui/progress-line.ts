import { formatBytes, formatDuration, formatRate } from './format.js';

const barWidth = 20;

/** What a bar shows at one moment. */
export interface ProgressState {
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

/** `put main.py  ██████░░░░  45 %  12.3 kB/s  3 s left` */
export function progressLine({ label, doneBytes, totalBytes, elapsedMs }: ProgressState): string {
  const share = totalBytes > 0 ? Math.min(doneBytes / totalBytes, 1) : 0;
  const filled = Math.round(share * barWidth);
  const parts = [label, '█'.repeat(filled) + '░'.repeat(barWidth - filled), `${Math.floor(share * 100)} %`];
  const rate = formatRate(doneBytes, elapsedMs);
  if (rate !== '') {
    const leftMs = (elapsedMs / doneBytes) * (totalBytes - doneBytes);
    parts.push(rate, `${formatDuration(Math.max(leftMs, 0))} left`);
  }
  return parts.join('  ');
}

/** `put main.py  12.3 kB  1.2 s  10.1 kB/s`; without the times when it took less than a blink. */
export function progressSummary({ label, doneBytes, elapsedMs }: ProgressState): string {
  const parts = [label, formatBytes(doneBytes)];
  if (elapsedMs >= 100) parts.push(formatDuration(elapsedMs), formatRate(doneBytes, elapsedMs));
  return parts.filter((part) => part !== '').join('  ');
}
