import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { makeFatBoard } from '../support/fat-board.js';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';
import { pressReset } from '../support/switched-on.js';

const folder = useSimFolder();

let port: Port;
let repl: ReplClient;

beforeAll(async () => {
  makeFatBoard(folder(), 'fat');
  port = await openPort('sim:fat?unpaced');
  repl = new ReplClient(port);
  await repl.enterRaw();
});

afterAll(() => port.close());

it('has a FAT of its own, with the boot.py of a new board', async () => {
  const code = `
import os, struct
from flashbdev import bdev
head = bytearray(512)
bdev.readblocks(0, head)
print(bdev.info()[4], bdev.ioctl(5, 0), head[510:], head[3:11])
reserved, fats, root, total = struct.unpack_from("<HBHH", head, 14)
sectors = total - reserved - fats * struct.unpack_from("<H", head, 22)[0] - root * 32 // 512
size, _, clusters, free = os.statvfs("/")[:4]
print(os.listdir(), size == head[13] * 512, clusters == sectors // head[13], clusters - free)
print(len(open("boot.py").read()) > 100)
`;
  expect(await repl.output(code)).toBe(
    ["ffat 512 bytearray(b'U\\xaa') bytearray(b'MSDOS5.0')", "['boot.py'] True True 1", 'True', ''].join(
      '\r\n',
    ),
  );
});

it('keeps files over a reset', async () => {
  await repl.output('with open("kept.txt", "w") as file: file.write("kept" * 500)');
  await repl.output('os.mkdir("lib")');
  await pressReset(port);
  await repl.until('>>> ');
  await repl.enterRaw();
  expect(await repl.output('import os; print(os.listdir(), len(open("kept.txt").read()))')).toBe(
    "['boot.py', 'kept.txt', 'lib'] 2000\r\n",
  );
});

it('tells files and folders apart, as FatFs does and littlefs does not', async () => {
  expect(await repl.failure('os.remove("lib")')).toBe('OSError: [Errno 21] EISDIR');
  expect(await repl.failure('os.rmdir("kept.txt")')).toBe('OSError: 20');
  await repl.output('open("lib/a.py", "w").close()');
  expect(await repl.failure('os.rmdir("lib")')).toBe('OSError: [Errno 13] EACCES');
  expect(await repl.output('os.remove("lib/a.py"); os.rmdir("lib"); print(os.listdir())')).toBe(
    "['boot.py', 'kept.txt']\r\n",
  );
});
