/** Flash chips come in powers of two; fewer than 1 MiB do not hold MicroPython. */
export function isChipSize(sizeBytes: number): boolean {
  return sizeBytes >= 0x100000 && (sizeBytes & (sizeBytes - 1)) === 0;
}
