import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import { parsePython } from '../../src/rawrepl/parse-python.js';
import { pythonLiteral } from '../../src/rawrepl/python-literal.js';
import { boardContract, wireShareOfText } from '../support/board-contract.js';
import { everyByte, names, roundTrip, sha256, text } from '../support/board-files.js';
import type { MicroPythonOptions } from '../support/micropython-port.js';
import { MicroPythonPort, wentAs } from '../support/micropython-port.js';
import { describeWithPeers } from '../support/peers.js';

const hardTexts = [
  '',
  `it's "quoted"`,
  String.raw`back\slash\n`,
  'line\nfeed\rand\ttab',
  'žluťoučký kůň 🐎',
  Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join(''),
  '{}%s$`',
];

const open: MicroPythonPort[] = [];

async function connect(options?: MicroPythonOptions): Promise<{ board: Board; port: MicroPythonPort }> {
  const port = new MicroPythonPort(options);
  open.push(port);
  return { port, board: await Board.connect(port) };
}

/** How many programs were run: each is ended by a Ctrl-D of its own. */
function programsRun(port: MicroPythonPort): number {
  return port.log.filter((line) => line === 'write 04').length;
}

async function switchOff(): Promise<void> {
  await Promise.all(open.splice(0).map((port) => port.close()));
}

describeWithPeers('real MicroPython', ['micropython'], () => {
  const variants: [string, MicroPythonOptions][] = [
    ['on littlefs', {}],
    ['on FAT', { disk: 'fat' }],
  ];
  for (const [what, options] of variants) {
    boardContract(what, () => ({
      connect: async () => (await connect(options)).board,
      release: switchOff,
      fileSystem: options.disk === 'fat' ? 'fat' : 'littlefs',
    }));
  }

  afterEach(switchOff);

  it('keeps its rate where it is no ESP32, and is asked once', async () => {
    const port = new MicroPythonPort();
    open.push(port);
    const notes: string[] = [];
    const board = await Board.connect(port, { turbo: true, onNote: (note) => notes.push(note) });
    const bytes = new Uint8Array(randomBytes(20_000));
    await board.write('/a', bytes);
    await board.write('/b', bytes);
    expect(await board.read('/a', { totalBytes: bytes.length })).toEqual(bytes);
    expect(notes).toEqual(['the console stays at 115200 baud: this board or this line allows no more']);
    expect(port.log.filter((line) => line.startsWith('baud'))).toEqual([]);
  });

  it('takes any text as a literal, and its repr is read back as the same text', async () => {
    const { board } = await connect();
    const printed = await board.run(`for s in ${pythonLiteral(hardTexts)}: print(repr(s))`);
    expect(new TextDecoder().decode(printed).trimEnd().split('\n').map(parsePython)).toEqual(hardTexts);
  });

  it.each([
    ['all it needs', {}, 'raw'],
    ['no raw paste', { rawPaste: false }, 'raw'],
    ['no deflate', { lacking: ['deflate'] }, 'raw'],
    ['no select', { lacking: ['select'] }, 'text'],
    ['no hashlib', { lacking: ['hashlib'] }, 'text'],
    ['no binascii', { lacking: ['binascii'] }, 'literals'],
    ['neither binascii nor hashlib', { lacking: ['binascii', 'hashlib'] }, 'literals'],
  ] as const)('a firmware that has %s', async (_, options, way) => {
    const { board, port } = await connect(options);
    await roundTrip(board);
    expect(wentAs(port)).toBe(way);
  });

  it.each(['hashlib', 'binascii'])(
    'without %s the hash of a file is unknown, whatever is believed',
    async (module) => {
      const { board } = await connect({ lacking: [module] });
      await board.write('a', everyByte);
      await board.makeFolder('lib');
      const found = [{ sizeBytes: 2048, sha256: undefined }, undefined, undefined];
      const expected = [{ sizeBytes: 2048, sha256: sha256(everyByte) }, undefined, undefined];
      expect(await board.hashFiles(['a', 'b', 'lib'])).toEqual(found);
      expect(await board.hashFiles(['a', 'b', 'lib'], { expected })).toEqual(found);
      const { others } = await board.inspect(['a'], { below: '', expected });
      expect(others.map(({ path }) => path)).toEqual(['lib']);
    },
  );

  it('many files are hashed in one exchange', async () => {
    const { board, port } = await connect();
    const paths = Array.from({ length: 200 }, (_, index) => `f${index}.py`);
    await board.run("for i in range(200):\n with open('f%d.py' % i, 'w') as f: f.write('x' * i)");
    const before = programsRun(port);
    const found = await board.hashFiles(paths);
    expect(found.map((hash) => hash?.sizeBytes)).toEqual(paths.map((_, index) => index));
    expect(programsRun(port) - before).toBe(1);
    expect(await board.hashFiles(paths, { expected: found })).toEqual(found);
  });

  const old = `import sys
from deflate import DeflateIO, RAW
class uzlib:
    DecompIO = staticmethod(lambda stream, bits: DeflateIO(stream, RAW, -bits))
sys.modules['uzlib'] = uzlib
sys.modules['deflate'] = None`;
  it.each([
    ['as it is since v1.21', {}, '', true],
    ['as it was before', {}, old, true],
    ['not there', { lacking: ['deflate'] }, '', false],
  ] as const)(
    'where the inflater is %s, text takes its share of the wire',
    async (_, options, code, inflates) => {
      const { board, port } = await connect(options);
      await board.run(code);
      expect((await wireShareOfText(board, port)) < 1).toBe(inflates);
    },
  );

  it('300 files in folders are listed in one exchange', async () => {
    const { board, port } = await connect();
    const make = `import os
for d in range(10):
 os.mkdir('d%d' % d)
 for f in range(30): open('d%d/f%d.py' % (d, f), 'w').close()`;
    await board.run(make);
    const before = programsRun(port);
    const entries = await board.list('', { recursive: true });
    expect(entries.filter(({ type }) => type === 'file')).toHaveLength(300);
    expect(programsRun(port) - before).toBe(1);
  });

  it('on a second file system get their temporary file there', async () => {
    const { board } = await connect({ disk: 'littlefs+sd' });
    await board.write('/sd/log.txt', everyByte);
    expect(Buffer.compare(await board.read('/sd/log.txt'), everyByte)).toBe(0);
    expect(await names(board, '/sd')).toEqual(['log.txt']);
    await board.makeFolder('/lib');
    const { others } = await board.inspect([], { below: '/' });
    expect(others.map(({ path }) => path)).toEqual(['/lib']);
    expect((await board.inspect(['/sd'], { below: '/' })).others.map(({ path }) => path).sort()).toEqual([
      '/lib',
      '/sd/log.txt',
    ]);
    expect((await board.disks()).map(({ path }) => path)).toEqual(['/', '/sd']);
  });

  it.each(['lost', 'doubled', 'flipped'])(
    'a byte that is %s on its way up costs time, not the file',
    async (what) => {
      const { board, port } = await connect();
      const bytes = randomBytes(20_000);
      let total = 0;
      port.toBoard = (chunk) => {
        total += chunk.length;
        if (total < 9_000 || total - chunk.length >= 9_000) return chunk;
        if (what === 'lost') return chunk.subarray(1);
        if (what === 'doubled') return Buffer.concat([chunk.subarray(0, 1), chunk]);
        return Buffer.concat([Uint8Array.of(chunk[0]! ^ 64), chunk.subarray(1)]);
      };
      await board.write('data', bytes);
      expect(total).toBeGreaterThan(20_000);
      expect(wentAs(port)).toBe('raw');
      expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
      expect(await names(board)).toEqual(['data']);
    },
  );

  // In the content, in the middle of a piece; in a piece's sign, its length, the file's size, the hash.
  it.each([9_000, 5 + 2051, 5 + 2052, 5 + 2053, 4, 20_040])(
    'a byte that is flipped on its way down costs time, not the file: byte %i',
    async (nth) => {
      const { board, port } = await connect();
      const bytes = randomBytes(20_000);
      await board.write('data', bytes);
      let total = -Infinity;
      port.fromBoard = (chunk) => {
        if (total < 0 && chunk.includes(0x11)) total = -chunk.indexOf(0x11);
        const at = nth - total;
        total += chunk.length;
        return chunk.map((byte, index) => (index === at ? byte ^ 64 : byte));
      };
      expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
      expect(total).toBeGreaterThan(20_000);
    },
  );

  it('what an interrupt prints into the answers does no harm', async () => {
    const { board, port } = await connect();
    const bytes = randomBytes(20_000);
    let index = 0;
    port.fromBoard = (chunk) =>
      (index += 1) % 7 === 0 && chunk.length === 1
        ? Buffer.concat([chunk, Buffer.from('tick 7\r\n')])
        : chunk;
    await board.write('data', bytes);
    expect(wentAs(port)).toBe('raw');
    port.fromBoard = (chunk) => chunk;
    expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
  });

  it.each([32 * 40, 32 * 40 + 7])(
    'a program killed after %i bytes: the next one gets a board that works',
    async (cutAt) => {
      const { board, port } = await connect();
      await board.write('data', Buffer.from('the old one'));
      let total = 0;
      let sending = false;
      const next = new Promise<MicroPythonPort>((resolve) => {
        port.toBoard = (chunk) => {
          // The receiver's code is sent before; the first block begins with its length and number.
          sending ||= chunk[0] === (1018 & 255) && chunk[1] === 1018 >> 8;
          if (!sending) return chunk;
          total += chunk.length;
          if (total < cutAt) return chunk;
          setTimeout(() => {
            resolve(port.replace());
          }, 0);
          port.toBoard = () => new Uint8Array();
          return chunk.subarray(0, chunk.length - (total - cutAt));
        };
      });
      void board.write('data', randomBytes(20_000)).catch(() => undefined);
      const replaced = await next;
      open.push(replaced);
      const again = await Board.connect(replaced);
      expect(await names(again)).toEqual(['data']);
      expect(text(await again.read('data'))).toBe('the old one');
    },
  );
});
