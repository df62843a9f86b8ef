const posixOnly =
  'VfsPosix is what the board’s own file system stands on here, and looks outside of it; a chip has none';
const cachedBlocks =
  'what a file system has read it keeps, so it asks a block device less often than a chip does';
const filesOfPosix = 'files on a FAT are those of VfsPosix: what is closed raises ValueError, as on littlefs';
const noReserve =
  'this build of MicroPython writes nothing into an emergency buffer, so an exception without memory has no text';
const noTime = 'buses and UARTs move no electrons, and take no time';

const noNetwork = 'the network ends inside the board, and has no name of the tests’ servers';
const pythonHere = 'what is C on a board is Python here: functions say their names and addresses';
const otherNumbers = 'sys.stdin and the like are other numbers: files of the board’s console';
const madeUpHeaps = 'the heaps of ESP-IDF are made up, two of them';

/** Which of MicroPython's tests fail on the virtual board, and why. What is mended goes out of here; nothing else comes in. */
export const expectedFailures: Readonly<Record<string, string>> = {
  'extmod/deflate_compress_memory_error.py':
    'what C functions take beyond the memory there is they get for a while, and the error comes at their end',
  'extmod/machine_spi_rate.py': noTime,
  'extmod/machine_uart_tx.py': noTime,
  'extmod/vfs_blockdev_invalid.py': cachedBlocks,
  'extmod/vfs_fat_fileio1.py': filesOfPosix,
  'extmod/vfs_fat_finaliser.py': 'no block device in Python can be called while garbage is collected',
  'extmod/vfs_fat_ramdisklarge.py': 'FatFs here is a newer one, and makes one cluster more of 4 GB',
  'extmod/vfs_posix_enoent.py': posixOnly,
  'extmod/vfs_posix_paths.py': posixOnly,
  'import/builtin_ext.py': pythonHere,
  'import/import_file.py': 'it expects the path on the computer',
  'io/argv.py': 'a board has no command line, so sys.argv is empty',
  'io/file_stdio.py': otherNumbers,
  'io/file_stdio2.py': otherNumbers,
  'micropython/emg_exc.py': noReserve,
  'micropython/heapalloc_exc_compressed_emg_exc.py': noReserve,
  'net_hosted/connect_nonblock.py': noNetwork,
  'net_hosted/connect_nonblock_xfer.py': noNetwork,
  'net_hosted/connect_poll.py': noNetwork,
  'net_hosted/connect_timeout.py': noNetwork,
  'net_hosted/ssl_getpeercert.py': noNetwork,
  'net_hosted/ssl_verify_callback.py': noNetwork,
  'ports/esp32/check_err_str.py': noReserve,
  'ports/esp32/esp32_idf_heap_info.py': madeUpHeaps,
  'ports/esp32/resolve_on_connect.py': noNetwork,
};
