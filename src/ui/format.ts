import { printableName } from '../printable.js';

/** `950 B`, `12.3 kB`, `1.7 MB`: decimal units, three figures at most. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const kilobytes = bytes / 1000;
  if (kilobytes < 999.5) return `${kilobytes < 99.95 ? kilobytes.toFixed(1) : kilobytes.toFixed(0)} kB`;
  const megabytes = kilobytes / 1000;
  return `${megabytes < 99.95 ? megabytes.toFixed(1) : megabytes.toFixed(0)} MB`;
}

/** `0.3 s`, `12 s`, `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** `10.1 kB/s`; empty while nothing can be said. */
export function formatRate(bytes: number, milliseconds: number): string {
  return milliseconds > 0 && bytes > 0 ? `${formatBytes((bytes / milliseconds) * 1000)}/s` : '';
}

/** `1 file`, `2 files`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows as columns with two spaces between them; columns named in `right` are aligned to the right. Each row is one line. */
export function formatTable(cells: readonly (readonly string[])[], right: readonly number[] = []): string {
  const rows = cells.map((row) => row.map(printableName));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const pad = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
