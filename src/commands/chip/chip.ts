import { loadBoards } from '../../config/boards/load-boards.js';
import type { Context } from '../../context.js';
import { formatRevision } from '../../firmware/check-firmware.js';
import { readChipContents } from '../../loader/chip-contents.js';
import type { ChipContents } from '../../loader/chip-contents.js';
import type { ChipDescription, ChipIdentity, FlashChip } from '../../loader/chip-facts.js';
import { formatBytes, formatTable } from '../../ui/format.js';
import { hexOf, nameApp, partitionRow, partitionTable } from '../../ui/describe-firmware.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';

interface ChipReport {
  readonly chip: ChipIdentity;
  readonly description: ChipDescription;
  readonly flash: FlashChip;
  readonly contents: ChipContents;
}

/** `upyw chip`: what the chip is, and what is on it. */
export async function chip(context: Context, options: LoaderFlags): Promise<void> {
  const { reporter } = context;
  await withPort(context, async (port) => {
    const report = await withLoader(context, port, options, async (loader) => ({
      chip: loader.chip,
      description: loader.description,
      flash: loader.flash,
      contents: await readChipContents(loader),
    }));
    const { boards } = await loadBoards(context.world.cwd);
    const board = boards.find(({ mac }) => mac === report.chip.mac)?.name;
    reporter.result(
      { port: port.name, ...(board === undefined ? {} : { board }), ...report },
      describe(report, board),
    );
  });
}

function describe(
  { chip: identity, description, flash, contents }: ChipReport,
  board: string | undefined,
): string {
  const { revision } = identity;
  const lines = [
    ...(board === undefined ? [] : [['name', board]]),
    ['chip', description.model + (revision === undefined ? '' : `, ${formatRevision(revision)}`)],
    ['features', description.features.join(', ')],
    ['MAC', identity.mac],
    ['crystal', `${description.crystalMhz} MHz`],
    ['flash', describeFlash(flash)],
    ...(identity.lock === undefined ? [] : [['locked', identity.lock]]),
    ['app', describeApp(contents)],
  ];
  const partitions = (contents.table?.partitions ?? []).map(partitionRow);
  const { files } = contents;
  // From v1.26 on, MicroPython has no row for its files.
  if (files !== undefined && files.label === undefined) {
    partitions.push(['(files)', 'behind the rows', hexOf(files.offset), formatBytes(files.sizeBytes)]);
  }
  const table = partitions.length === 0 ? [] : ['', partitionTable(partitions)];
  return [formatTable(lines), ...table].join('\n');
}

function describeFlash({ sizeBytes, manufacturer, id }: FlashChip): string {
  const hex = id.toString(16).padStart(6, '0');
  return `${sizeBytes / 0x100000} MB, ${manufacturer ?? 'maker unknown'} (id ${hex})`;
}

function describeApp({ app, table, bootloader }: ChipContents): string {
  if (!bootloader && table === undefined) return 'nothing: the chip is blank, or holds no firmware';
  if (app === undefined) return 'none: there is no partition for one';
  if (app.description === undefined) return `none in ${app.partition.label}`;
  const { compiledAt, idfVersion } = app.description;
  return `${nameApp(app)}, compiled ${compiledAt}, ESP-IDF ${idfVersion}`;
}
