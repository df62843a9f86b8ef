const posixOnly =
  'VfsPosix is what the board’s own file system stands on here, and looks outside of it; a chip has none';
const noReserve =
  'this build of MicroPython has no emergency buffer, so an exception without memory has no text';
const noTime = 'buses and UARTs move no electrons, and take no time';

/** Which of MicroPython's tests fail on the virtual board, and why. What is mended goes out of here; nothing else comes in. */
export const expectedFailures: Readonly<Record<string, string>> = {
  'extmod/machine_spi_rate.py': noTime,
  'extmod/machine_uart_tx.py': noTime,
  'extmod/vfs_posix.py': posixOnly,
  'extmod/vfs_posix_enoent.py': posixOnly,
  'extmod/vfs_posix_paths.py': posixOnly,
  'io/argv.py': 'a board has no command line, so sys.argv is empty',
  'micropython/emg_exc.py': noReserve,
  'micropython/extreme_exc.py': noReserve,
  'micropython/heapalloc_exc_compressed_emg_exc.py': noReserve,
};
