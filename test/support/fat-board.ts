import { join } from 'node:path';
import { buildPartitionTable, partitionTableOffset } from '../../src/sim/chip/partition-table.js';
import { makeBoardFolder, openBoardFlash } from '../../src/sim/state/board-state.js';

const sectorBytes = 4096;

/**
 * A virtual board whose table has a row `ffat`, as TinyUF2's have: MicroPython makes a FAT there, with sectors of 512 bytes.
 * @param boards The folder of virtual boards.
 */
export function makeFatBoard(boards: string, name: string): void {
  const boardFolder = join(boards, name);
  makeBoardFolder(boardFolder);
  const flash = openBoardFlash(boardFolder);
  flash.erase(partitionTableOffset, sectorBytes);
  const rows = [
    { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, sizeBytes: 0x6000 },
    { label: 'factory', type: 0, subtype: 0, offset: 0x10000, sizeBytes: 0x1f0000 },
    { label: 'ffat', type: 1, subtype: 0x81, offset: 0x200000, sizeBytes: 0x200000 },
  ];
  flash.program(partitionTableOffset, buildPartitionTable(rows));
  flash.erase(0x200000, 0x200000);
  flash.close();
}
