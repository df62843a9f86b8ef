import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import type { MicroPythonOptions } from '../support/micropython-port.js';
import { MicroPythonPort, hasMicroPython } from '../support/micropython-port.js';

const open: MicroPythonPort[] = [];

function switchOn(options?: MicroPythonOptions): MicroPythonPort {
  const port = new MicroPythonPort(options);
  open.push(port);
  return port;
}

async function connect(options?: MicroPythonOptions): Promise<{ board: Board; port: MicroPythonPort }> {
  const port = switchOn(options);
  return { port, board: await Board.connect(port) };
}

/** What is on the board, temporary files too, as the board itself sees it. */
async function names(board: Board, folder = '/'): Promise<string[]> {
  const printed = await board.evaluate(`__import__('os').listdir('${folder}')`);
  return [...printed.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '').sort();
}

async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ code: 'no error' }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 200));
}

function went(port: MicroPythonPort): 'raw' | 'text' {
  const written = port.log.map((line) => Buffer.from(line.replace(/^write /, ''), 'hex').toString('latin1'));
  return written.join('').includes('a2b_base64') ? 'text' : 'raw';
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

const everyByte = Uint8Array.from({ length: 2048 }, (_, index) => index % 256);
const contents: Record<string, Uint8Array> = {
  empty: new Uint8Array(),
  'one byte': Uint8Array.of(0x0a),
  'a window less one': randomBytes(31),
  'a window': randomBytes(32),
  'a window and one': randomBytes(33),
  'a buffer less one': randomBytes(4095),
  'a buffer': randomBytes(4096),
  'a buffer and one': randomBytes(4097),
  'every byte': everyByte,
  'only Ctrl-C': new Uint8Array(5000).fill(3),
  'only Ctrl-D': new Uint8Array(5000).fill(4),
  'line ends of all kinds': Buffer.from('a\r\nb\nc\rd\x00\x04>\r\n'.repeat(50)),
  random: randomBytes(50_000),
};

describe.skipIf(!hasMicroPython())('files on real MicroPython', { timeout: 60_000 }, () => {
  const kinds: [string, MicroPythonOptions, 'raw' | 'text'][] = [
    ['littlefs', {}, 'raw'],
    ['FAT', { disk: 'fat' }, 'raw'],
    ['a firmware without raw paste', { rawPaste: false }, 'raw'],
    ['a firmware without kbd_intr and select', { lacking: ['select'] }, 'text'],
    ['a firmware without hashlib', { lacking: ['hashlib'] }, 'text'],
  ];
  it.each(kinds)('go there and come back byte for byte: %s', async (_, options, way) => {
    const { board, port } = await connect(options);
    for (const [name, bytes] of Object.entries(contents)) {
      const result = await board.write(`${name}.bin`, bytes);
      expect(result).toEqual({
        path: `${name}.bin`,
        sizeBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(Buffer.compare(await board.read(`${name}.bin`), bytes), name).toBe(0);
    }
    expect(went(port)).toBe(way);
    expect(await names(board)).toEqual(
      Object.keys(contents)
        .map((name) => `${name}.bin`)
        .sort(),
    );
  });

  it('replace those that are there', async () => {
    for (const disk of ['littlefs', 'fat'] as const) {
      const { board } = await connect({ disk });
      await board.write('main.py', randomBytes(9000));
      await board.write('main.py', everyByte);
      expect(Buffer.compare(await board.read('main.py'), everyByte)).toBe(0);
      expect(await names(board)).toEqual(['main.py']);
    }
  });

  it('go many at once, with progress over all of them', async () => {
    const { board, port } = await connect();
    const files = Array.from({ length: 150 }, (_, index) => ({
      path: `lib/f${index}.py`,
      bytes: randomBytes(index * 5),
    }));
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await board.makeFolder('lib');
    const seen: number[] = [];
    const onProgress = (doneBytes: number) => void seen.push(doneBytes);
    await board.writeFiles(
      files.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length, load: () => Promise.resolve(bytes) })),
      { onProgress },
    );
    expect(seen.at(-1)).toBe(totalBytes);
    expect(seen).toEqual(seen.toSorted((left, right) => left - right));
    const back = new Map<string, Uint8Array>();
    seen.length = 0;
    await board.readFiles(
      files.map(({ path }) => path),
      (path, bytes) => void back.set(path, bytes),
      { onProgress },
    );
    expect(seen.at(-1)).toBe(totalBytes);
    expect(files.every(({ path, bytes }) => Buffer.compare(bytes, back.get(path)!) === 0)).toBe(true);
    expect(went(port)).toBe('raw');
  });

  it('on a second file system get their temporary file there', async () => {
    const { board } = await connect({ disk: 'littlefs+sd' });
    await board.write('/sd/log.txt', everyByte);
    expect(Buffer.compare(await board.read('/sd/log.txt'), everyByte)).toBe(0);
    expect(await names(board, '/sd')).toEqual(['log.txt']);
    expect((await board.disks()).map(({ path }) => path)).toEqual(['/', '/sd']);
  });

  it.each(["it's", '"quoted"', 'back\\slash', 'new\nline', 'ž🐎', ' ', '{}%s', 'a'.repeat(200)])(
    'may be called %j',
    async (name) => {
      const { board } = await connect();
      await board.makeFolder(name);
      await board.write(`${name}/${name}`, everyByte);
      expect(await board.list('/', { recursive: true })).toEqual([
        { name, path: `/${name}`, type: 'folder', sizeBytes: 0 },
        { name, path: `/${name}/${name}`, type: 'file', sizeBytes: 2048 },
      ]);
      expect((await board.stat(`${name}/${name}`)).sizeBytes).toBe(2048);
      expect(Buffer.compare(await board.read(`./x/../${name}//${name}`), everyByte)).toBe(0);
      await board.remove(name, { recursive: true });
      expect(await names(board)).toEqual([]);
    },
  );
});

describe.skipIf(!hasMicroPython())('folders on real MicroPython', () => {
  it('are listed as a tree, empty ones too', async () => {
    const { board } = await connect();
    await board.makeFolders(['a', 'b/c/d', 'e'], { parents: true });
    await board.makeFolder('b/c', { parents: true });
    await board.writeFiles(
      ['b/x', 'b/c/y', 'main.py'].map((path) => ({ path, sizeBytes: 3, load: () => Uint8Array.of(1, 2, 3) })),
    );
    const shown = (await board.list('', { recursive: true })).map(
      ({ path, type, sizeBytes }) => `${path} ${type} ${sizeBytes}`,
    );
    expect(shown).toEqual([
      'a folder 0',
      'b folder 0',
      'b/c folder 0',
      'b/c/d folder 0',
      'b/c/y file 3',
      'b/x file 3',
      'e folder 0',
      'main.py file 3',
    ]);
    expect((await board.list('b')).map(({ path }) => path)).toEqual(['b/c', 'b/x']);
    expect(await board.list('/main.py')).toEqual([
      { name: 'main.py', path: '/main.py', type: 'file', sizeBytes: 3 },
    ]);
    await board.remove('/', { recursive: true });
    expect(await board.list()).toEqual([]);
  });

  const wrong: [string, (board: Board) => Promise<unknown>, string, string][] = [
    ['list what is not there', (board) => board.list('nope'), 'board/not-found', 'nope'],
    ['stat what is not there', (board) => board.stat('/nope/x'), 'board/not-found', '/nope/x'],
    ['read what is not there', (board) => board.read('nope'), 'board/not-found', 'nope'],
    ['read a folder', (board) => board.read('lib'), 'board/is-folder', 'lib'],
    ['write over a folder', (board) => board.write('lib', everyByte), 'board/is-folder', 'lib'],
    ['write the root', (board) => board.write('/', everyByte), 'board/is-folder', '/'],
    ['write into no folder', (board) => board.write('no/such', everyByte), 'board/not-found', 'no'],
    ['write into a file', (board) => board.write('file/x', everyByte), 'board/not-a-folder', 'file'],
    ['write too much', (board) => board.write('big', randomBytes(400_000)), 'board/no-space', 'big'],
    [
      'write a name too long',
      (board) => board.write('n'.repeat(300), everyByte),
      'board/bad-path',
      'n'.repeat(300),
    ],
    ['write a NUL', (board) => board.write('a\0b', everyByte), 'board/bad-path', 'a\0b'],
    ['leave the top', (board) => board.list('..'), 'board/bad-path', '..'],
    ['make what is there', (board) => board.makeFolder('lib'), 'board/exists', 'lib'],
    ['make below nothing', (board) => board.makeFolder('no/such'), 'board/not-found', 'no'],
    [
      'make over a file',
      (board) => board.makeFolder('file', { parents: true }),
      'board/not-a-folder',
      'file',
    ],
    ['remove what is not there', (board) => board.remove('nope'), 'board/not-found', 'nope'],
    ['remove a folder as a file', (board) => board.remove('lib'), 'board/is-folder', 'lib'],
    ['rmdir a file', (board) => board.removeFolder('file'), 'board/not-a-folder', 'file'],
    ['rmdir what is not empty', (board) => board.removeFolder('lib'), 'board/not-empty', 'lib'],
    ['rmdir what is not there', (board) => board.removeFolder('nope'), 'board/not-found', 'nope'],
  ];
  for (const [disk, rawPaste] of [
    ['littlefs', true],
    ['fat', true],
    ['littlefs', false],
  ] as const) {
    it(`refuse what cannot be: ${disk}, raw paste ${rawPaste}`, { timeout: 60_000 }, async () => {
      const { board } = await connect({ disk, rawPaste, blocks: 64 });
      await board.makeFolder('lib');
      await board.write('lib/a.py', everyByte);
      await board.write('file', everyByte);
      for (const [what, attempt, code, path] of wrong) {
        const error = await failure(attempt(board));
        expect
          .soft([what, error['code'], (error['details'] as { path: string }).path])
          .toEqual([what, code, path]);
      }
      expect(await names(board)).toEqual(['file', 'lib']);
    });
  }

  it('a full disk is noticed before anything is sent, with numbers', async () => {
    const { board } = await connect({ blocks: 32 });
    const error = await failure(board.write('big', randomBytes(150_000)));
    expect(error['message']).toMatch(/needs 150000 bytes, \d+ are free/);
    const files = Array.from({ length: 4 }, (_, index) => ({
      path: `f${index}`,
      sizeBytes: 40_000,
      load: () => randomBytes(40_000),
    }));
    expect((await failure(board.writeFiles(files)))['details']).toMatchObject({
      path: 'f3',
      neededBytes: 40_000,
    });
    expect(await names(board)).toEqual([]);
  });
});

describe.skipIf(!hasMicroPython())('bad luck on real MicroPython', { timeout: 60_000 }, () => {
  const old = Buffer.from('the old one');

  it('a disk that turns out to be full leaves the old file', async () => {
    const { board, port } = await connect({ blocks: 32 });
    await board.write('data', old);
    const [disk] = await board.disks();
    const error = await failure(board.write('data', randomBytes(disk!.freeBytes)));
    expect(error['code']).toBe('board/no-space');
    expect(went(port)).toBe('raw');
    expect(await names(board)).toEqual(['data']);
    expect(text(await board.read('data'))).toBe(old.toString());
  });

  it.each([0, 1, 500, 20_000, 39_990])('an abort after %i bytes leaves the old file', async (doneBytes) => {
    const { board } = await connect();
    await board.write('data', old);
    const stop = new AbortController();
    const onProgress = (count: number) => {
      if (count >= doneBytes) stop.abort();
    };
    if (doneBytes === 0) stop.abort();
    const bytes = randomBytes(40_000);
    const error = await failure(board.write('data', bytes, { signal: stop.signal, onProgress }));
    expect(error['code']).toBe('run/interrupted');
    expect(await names(board)).toEqual(['data']);
    // When the board has all the bytes, the new file may be in its place before the abort gets there.
    const whole = [old, ...(doneBytes === 39_990 ? [bytes] : [])].map(text);
    expect(whole).toContain(text(await board.read('data')));
  });

  it('an abort while reading leaves a board that works', async () => {
    const { board } = await connect();
    await board.write('data', randomBytes(40_000));
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    expect((await failure(board.read('data', { signal: stop.signal, onProgress })))['code']).toBe(
      'run/interrupted',
    );
    expect((await board.read('data')).length).toBe(40_000);
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
      expect(went(port)).toBe('text');
      expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
      expect(await names(board)).toEqual(['data']);
    },
  );

  it('a byte that is flipped on its way down costs time, not the file', async () => {
    const { board, port } = await connect();
    const bytes = randomBytes(20_000);
    await board.write('data', bytes);
    let total = 0;
    port.fromBoard = (chunk) => {
      const before = total;
      total += chunk.length;
      return before < 9_000 && total >= 9_000
        ? Buffer.concat([Uint8Array.of(chunk[0]! ^ 64), chunk.subarray(1)])
        : chunk;
    };
    expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
  });

  it('what an interrupt prints into the answers does no harm', async () => {
    const { board, port } = await connect();
    const bytes = randomBytes(20_000);
    let index = 0;
    port.fromBoard = (chunk) =>
      (index += 1) % 7 === 0 && chunk.length === 1
        ? Buffer.concat([chunk, Buffer.from('tick 7\r\n')])
        : chunk;
    await board.write('data', bytes);
    expect(went(port)).toBe('raw');
    port.fromBoard = (chunk) => chunk;
    expect(Buffer.compare(await board.read('data'), bytes)).toBe(0);
  });

  it.each([32 * 40, 32 * 40 + 7, 32 * 40 + 31])(
    'a program killed after %i bytes: the next one gets a board that works',
    async (cutAt) => {
      const { board, port } = await connect();
      await board.write('data', old);
      let total = 0;
      let sending = false;
      const next = new Promise<MicroPythonPort>((resolve) => {
        port.toBoard = (chunk) => {
          // The receiver's code is sent before; its first window begins with the file's own first byte.
          sending ||= chunk.length === 256 && chunk.every((byte) => byte === 0xa5);
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
      void board.write('data', new Uint8Array(20_000).fill(0xa5)).catch(() => undefined);
      const replaced = await next;
      open.push(replaced);
      const again = await Board.connect(replaced);
      expect(await names(again)).toEqual(['data']);
      expect(text(await again.read('data'))).toBe(old.toString());
    },
  );

  it('what a power cut left behind goes at the next list or write', async () => {
    const { port, board } = await connect();
    const leave = "f=open('/.upyw-0123abcd.tmp','w');f.write('x');f.close()";
    await board.run(leave);
    await board.list('/');
    expect(await names(board)).toEqual([]);
    await board.run(leave);
    await (await Board.connect(port)).write('a', everyByte);
    expect(await names(board)).toEqual(['a']);
    await board.run("open('/.upyw-mine','w').close()");
    expect((await board.list('/')).map(({ name }) => name)).toEqual(['.upyw-mine', 'a']);
  });
});

describe.skipIf(!hasMicroPython())('code on real MicroPython', () => {
  it('runs, is evaluated, and fails as its own kind of error', async () => {
    const { board } = await connect();
    expect(new TextDecoder().decode(await board.run('for i in range(3): print(i)'))).toBe('0\n1\n2\n');
    expect(await board.evaluate('1 + 1 # two')).toBe('2');
    expect(await failure(board.run('1/0'))).toMatchObject({
      code: 'run/exception',
      exitCode: 4,
      details: { exception: 'ZeroDivisionError: divide by zero' },
    });
    expect(await failure(board.evaluate('x ='))).toMatchObject({ code: 'run/exception' });
    expect(await board.info()).toMatchObject({
      version: expect.stringMatching(/^1\./) as string,
      platform: 'linux',
    });
  });

  it('is interrupted, and leaves nothing of ours in the board', async () => {
    const { board } = await connect();
    await board.run('path = 1');
    await board.write('a', everyByte);
    await board.list();
    expect(await board.evaluate("[n for n in globals() if 'upyw' in n], path")).toBe('([], 1)');
    const error = await failure(board.run('while True: pass', { signal: AbortSignal.timeout(200) }));
    expect(error['code']).toBe('run/interrupted');
    expect(await board.evaluate('path')).toBe('1');
  });
});
