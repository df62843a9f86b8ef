import type { AppDescription } from '../firmware/app-description.js';
import type { MicroPythonVersion } from '../firmware/micropython-version.js';
import type { Partition } from '../firmware/partition-table.js';
import { formatBytes, formatTable } from './format.js';

/** MicroPython by its own version text: its builds have no name in their description. */
export function nameApp({
  micropython,
  description,
}: {
  readonly micropython: MicroPythonVersion | undefined;
  readonly description: AppDescription | undefined;
}): string {
  if (micropython !== undefined) return `MicroPython v${micropython.version} (${micropython.date})`;
  const name = [description?.projectName, description?.version].filter(Boolean).join(' ');
  return name === '' ? 'without a name' : name;
}

export function partitionRow({ label, type, subtype, offset, sizeBytes }: Partition): string[] {
  return [label, `${type}/${subtype}`, hexOf(offset), formatBytes(sizeBytes)];
}

export function partitionTable(rows: readonly (readonly string[])[]): string {
  return formatTable([['partition', 'type', 'at', 'size'], ...rows], [2, 3]);
}

export function hexOf(offset: number): string {
  return `0x${offset.toString(16)}`;
}
