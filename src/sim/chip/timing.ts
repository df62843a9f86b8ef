/**
 * How long the chip takes, in milliseconds of chip time. A guest charges these through `GuestHost.after`.
 * Flash times are the typical ones of a 4 MB part (GD25Q32 and W25Q32 data sheets); the digest is an estimate for
 * a 240 MHz Xtensa that reads flash through its SPI controller.
 */
export const chipTimes = {
  programPageMs: 0.6,
  eraseSectorMs: 45,
  eraseBlockMs: 150,
  eraseChipMs: 10_000,
  digestMsPerMib: 500,
} as const;

export const pageSizeBytes = 256;
export const sectorSizeBytes = 0x1000;
export const blockSizeBytes = 0x10000;

/** Programming goes by pages of 256 bytes; a range that starts or ends inside one costs that page in full. */
export function programTimeMs(offset: number, sizeBytes: number): number {
  if (sizeBytes === 0) return 0;
  const firstPage = Math.floor(offset / pageSizeBytes);
  const lastPage = Math.floor((offset + sizeBytes - 1) / pageSizeBytes);
  return (lastPage - firstPage + 1) * chipTimes.programPageMs;
}

/** The erase commands for a range, as ROM and stub issue them: a 64 KiB block where one fits, else 4 KiB sectors. */
export function* eraseSteps(
  offset: number,
  sizeBytes: number,
): Generator<{ offset: number; sizeBytes: number; timeMs: number }> {
  const end = offset + sizeBytes;
  while (offset < end) {
    const isBlock = offset % blockSizeBytes === 0 && end - offset >= blockSizeBytes;
    const step = isBlock ? blockSizeBytes : sectorSizeBytes;
    yield { offset, sizeBytes: step, timeMs: isBlock ? chipTimes.eraseBlockMs : chipTimes.eraseSectorMs };
    offset += step;
  }
}

/** Time to erase a range by {@link eraseSteps}. */
export function eraseTimeMs(offset: number, sizeBytes: number): number {
  let timeMs = 0;
  for (const step of eraseSteps(offset, sizeBytes)) timeMs += step.timeMs;
  return timeMs;
}

export function digestTimeMs(sizeBytes: number): number {
  return (sizeBytes / 0x100000) * chipTimes.digestMsPerMib;
}
