import { basename } from 'node:path';
import type { OwnValue } from '../../../config/boards/list-own.js';
import { bootLines } from '../../../provision/boot-edit.js';
import { type ProvisionPlan, bootPath } from '../../../provision/plan.js';
import type { BootReport, WifiReport } from '../../../provision/watch-boot.js';
import { formatBytes, formatTable } from '../../../ui/format.js';
import { shownPath } from '../../../ui/shown-path.js';

/** What would change, file by file; of boot.py the lines that are added, of nothing the content. */
export function describePlan({ files, kept, boot }: ProvisionPlan, own: readonly OwnValue[]): string {
  const rows = files.map(({ state, path, bytes }) => [state, shownPath(path), formatBytes(bytes.length)]);
  const copies = kept.map(({ path, bytes }) => ['old', shownPath(path), formatBytes(bytes.length)]);
  const last = boot === undefined ? [] : [[boot.state, shownPath(bootPath), '']];
  const table = formatTable([...copies, ...rows, ...last], [2]);
  const added = boot?.content === undefined ? [] : bootLines.map((line) => `         + ${line}`);
  const values = own.map(({ name, value, source }) => [name, String(value), basename(source)]);
  const ownTable = values.length === 0 ? [] : ['', "this board's own:", formatTable(values)];
  return [table, ...added, ...ownTable].join('\n');
}

/** The same for a program. */
export function planAsJson({ files, kept, boot }: ProvisionPlan): object {
  return {
    files: files.map(({ path, state, bytes }) => ({ path, state, sizeBytes: bytes.length })),
    kept: kept.map(({ oldPath, path }) => ({ path: oldPath, as: path })),
    ...(boot === undefined
      ? {}
      : {
          boot: { path: bootPath, state: boot.state, added: boot.content === undefined ? [] : bootLines },
        }),
  };
}

/** How it went. */
export function describeReport(ssid: string, { wifi, clock }: BootReport): string {
  const lines = [
    `connected to ${JSON.stringify(ssid)} in ${wifi.seconds} s: ${wifi.ip}${describeSignal(wifi)}`,
  ];
  if (clock.isSet) lines.push(`clock set: ${clock.time}`);
  return lines.join('\n');
}

/** In words as phones show it in bars. */
function describeSignal({ rssiDbm }: WifiReport): string {
  if (rssiDbm === undefined) return '';
  const words = (
    [
      [-60, 'strong'],
      [-70, 'good'],
      [-80, 'weak'],
    ] as const
  ).find(([least]) => rssiDbm >= least);
  return `, signal ${rssiDbm} dBm (${words?.[1] ?? 'very weak'})`;
}
