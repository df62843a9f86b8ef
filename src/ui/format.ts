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

/** Rows as columns with two spaces between them; columns named in `right` are aligned to the right. */
export function formatTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
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

/**
 * A name as it may safely be shown in one line of a terminal: control characters (a newline or an escape sequence in a
 * file name would redraw the screen) become escapes.
 */
export function printableName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    const shorthand: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return shorthand[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
