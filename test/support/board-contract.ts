import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Board as BoardClass } from '../../src/board/board.js';
import type { BoardEntry } from '../../src/board/folders.js';

/** As built or as in src/: the same methods. */
type Board = Pick<BoardClass, keyof BoardClass>;

export interface BoardUnderTest {
  /** Connects to the board, which has no files, but for the boot.py of a first start, and is idle. May be called once per test. */
  connect(): Promise<Board>;
  /** Lets it go. */
  release(): Promise<void>;
  /**
   * FAT takes fewer names; only the real littlefs can be fuller than it says. One in memory does not know what is free, and nothing
   * interrupts the board that has it.
   */
  readonly fileSystem: 'littlefs' | 'fat' | 'virtual' | 'memory';
}

export async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ code: 'no error' }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 200));
}

/** What a program or a person has put on the board: MicroPython has put boot.py there. */
export function withoutBoot(entries: readonly BoardEntry[]): BoardEntry[] {
  return entries.filter(({ path }) => path !== 'boot.py' && path !== '/boot.py');
}

/** What is in a folder as the board itself sees it, temporary files too, but not the boot.py of a first start. */
export async function names(board: Board, folder = '/'): Promise<string[]> {
  const printed = await board.evaluate(`__import__('os').listdir('${folder}')`);
  const all = [...printed.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '');
  return all.filter((name) => name !== 'boot.py').sort();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const everyByte = Uint8Array.from({ length: 2048 }, (_, index) => index % 256);

/** Contents that have broken one tool or another. */
export const contents: Readonly<Record<string, Uint8Array>> = {
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
  'text of several sections': Buffer.from(
    Array.from({ length: 15_000 }, (_, index) => `line ${index}`).join('\n'),
  ),
};

/** Text goes there and comes back. Returns how many bytes were sent for each of its own, counted where `port` lets them pass. */
export async function wireShareOfText(
  board: Board,
  port: { toBoard: (bytes: Uint8Array) => Uint8Array },
): Promise<number> {
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => `line ${index}`).join('\n'));
  let sentBytes = 0;
  port.toBoard = (chunk) => {
    sentBytes += chunk.length;
    return chunk;
  };
  await board.write('text', bytes);
  const share = sentBytes / bytes.length;
  expect(Buffer.compare(await board.read('text'), bytes)).toBe(0);
  return share;
}

/** All contents go there and come back. */
export async function roundTrip(board: Board): Promise<void> {
  for (const [name, bytes] of Object.entries(contents)) {
    const result = await board.write(`${name}.bin`, bytes);
    expect(result).toEqual({ path: `${name}.bin`, sizeBytes: bytes.length, sha256: sha256(bytes) });
    expect(Buffer.compare(await board.read(`${name}.bin`), bytes), name).toBe(0);
  }
  const expected = Object.keys(contents).map((name) => `${name}.bin`);
  expect(await names(board)).toEqual(expected.sort());
}

/** What holds for every MicroPython board, virtual or not: one suite, so that where two differ, one of them is wrong. */
export function boardContract(what: string, underTest: () => BoardUnderTest): void {
  describe(what, { timeout: 60_000 }, () => {
    let current: BoardUnderTest | undefined;
    const connect = () => {
      current = underTest();
      return current.connect();
    };
    afterEach(() => current?.release());

    const fileSystem = underTest().fileSystem;
    filesOf(connect, fileSystem === 'fat' ? ["it's", 'ž🐎', '{}%s'] : hardNames);
    foldersOf(connect);
    if (fileSystem === 'memory') return;
    refusalsOf(connect);
    abortsOf(connect);
    if (fileSystem === 'littlefs') fullDiskOf(connect);
    codeOf(connect);
  });
}

const hardNames = ["it's", '"quoted"', 'new\nline', 'back\\slash', 'ž🐎', ' ', '{}%s', 'a'.repeat(200)];

type Connect = () => Promise<Board>;

function filesOf(connect: Connect, folderNames: readonly string[]): void {
  it('files go there and come back byte for byte', async () => {
    await roundTrip(await connect());
  });

  it('files replace those that are there', async () => {
    const board = await connect();
    await board.write('main.py', randomBytes(9000));
    await board.write('/main.py', everyByte);
    expect(Buffer.compare(await board.read('main.py'), everyByte)).toBe(0);
    expect(await names(board)).toEqual(['main.py']);
  });

  it('many files go at once, with progress over all of them', async () => {
    const board = await connect();
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
    const paths = files.map(({ path }) => path);
    await board.readFiles(paths, (path, bytes) => void back.set(path, bytes), { onProgress });
    expect(seen.at(-1)).toBe(totalBytes);
    expect(files.every(({ path, bytes }) => Buffer.compare(bytes, back.get(path)!) === 0)).toBe(true);
  });

  it('files are hashed, many in one exchange, whatever is believed about them', async () => {
    const board = await connect();
    await board.makeFolders(['lib', 'lib/deep']);
    const entries = Object.entries({ ...contents, 'lib/deep/ž 🐎#': everyByte, 'lib/x': Uint8Array.of(1) });
    const load = (bytes: Uint8Array) => () => bytes;
    await board.writeFiles(
      entries.map(([path, bytes]) => ({ path, sizeBytes: bytes.length, load: load(bytes) })),
    );
    const paths = [...entries.map(([path]) => path), 'nope', 'lib', '', '/', 'lib/nope', 'lib/x/y', 'lib/x'];
    const one = { sizeBytes: 1, sha256: sha256(Uint8Array.of(1)) };
    const hashes = entries.map(([, bytes]) => ({ sizeBytes: bytes.length, sha256: sha256(bytes) }));
    const found = [...hashes, undefined, undefined, undefined, undefined, undefined, undefined, one];
    expect(await board.hashFiles(paths)).toEqual(found);
    expect(await board.hashFiles(paths, { expected: found })).toEqual(found);
    const wrong = { sizeBytes: 7, sha256: sha256(everyByte.subarray(1)) };
    const partly = found.map((hash, index) => (index % 2 === 0 ? hash : wrong));
    expect(await board.hashFiles(paths, { expected: partly })).toEqual(found);
    const nearly = { sizeBytes: 1, sha256: one.sha256.slice(0, 12) + '0'.repeat(52) };
    expect(await board.hashFiles(['lib/x'], { expected: [nearly] })).toEqual([one]);
    const seen: number[] = [];
    await board.hashFiles(['random'], { onProgress: (doneBytes) => void seen.push(doneBytes) });
    expect(seen).toHaveLength(Math.ceil(50_000 / 4096));
    expect(await board.hashFiles([])).toEqual([]);
  });

  it('what is at paths and what else is below a folder are told in one exchange', async () => {
    const board = await connect();
    await board.makeFolders(['lib', 'lib/old', 'lib/old/empty', 'aside']);
    const load = () => Uint8Array.of(1);
    const files = ['main.py', 'lib/a.py', 'lib/b b.py', 'lib/old/ž.py', 'aside/x'];
    await board.writeFiles(files.map((path) => ({ path, sizeBytes: 1, load })));
    await board.run("open('/.upyw-0123abcd.tmp','w').close()");
    const one = { sizeBytes: 1, sha256: sha256(Uint8Array.of(1)) };
    const others = (inspection: { others: readonly { path: string; sizeBytes: number }[] }) =>
      inspection.others
        .filter(({ path }) => path !== 'boot.py')
        .map(({ path, sizeBytes }) => `${path} ${sizeBytes}`)
        .sort();
    const whole = await board.inspect(['main.py', 'lib', 'lib/a.py', 'lib/no', ''], { below: '' });
    expect(whole.found).toEqual([one, 'folder', one, undefined, 'folder']);
    expect(others(whole)).toEqual(
      ['aside 0', 'aside/x 1', 'lib/b b.py 1', 'lib/old 0', 'lib/old/empty 0', 'lib/old/ž.py 1'].sort(),
    );
    expect(whole.others.find(({ path }) => path === 'lib/old')).toEqual({
      name: 'old',
      path: 'lib/old',
      type: 'folder',
      sizeBytes: 0,
    });
    const part = await board.inspect(['/lib', '/lib/a.py'], { below: '/lib', expected: [undefined, one] });
    expect(part.found).toEqual(['folder', one]);
    expect(others(part)).toEqual(
      ['/lib/b b.py 1', '/lib/old 0', '/lib/old/empty 0', '/lib/old/ž.py 1'].sort(),
    );
    expect(others(await board.inspect([], { below: 'lib/old' }))).toEqual([
      'lib/old/empty 0',
      'lib/old/ž.py 1',
    ]);
    expect(await board.inspect(['nope'], { below: 'nope' })).toEqual({ found: [undefined], others: [] });
    expect(await board.inspect(['main.py'])).toEqual({ found: [one], others: [] });
  });

  it('many are removed in one go, and the one that cannot be is named', async () => {
    const board = await connect();
    await board.makeFolders(['lib', 'lib/deep']);
    const load = () => Uint8Array.of(1);
    await board.writeFiles(['a', 'b', 'c', 'lib/deep/d'].map((path) => ({ path, sizeBytes: 1, load })));
    await board.removePaths(['a', 'lib'], { recursive: true });
    expect(await names(board)).toEqual(['b', 'c']);
    expect(await failure(board.removePaths(['b', 'a', 'c']))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'a' },
    });
    expect(await names(board), 'all or none').toEqual(['b', 'c']);
  });

  it('files and folders may be called almost anything', async () => {
    const board = await connect();
    for (const name of folderNames) {
      await board.makeFolder(name);
      await board.write(`${name}/${name}`, everyByte);
      expect(withoutBoot(await board.list('/', { recursive: true }))).toEqual([
        { name, path: `/${name}`, type: 'folder', sizeBytes: 0 },
        { name, path: `/${name}/${name}`, type: 'file', sizeBytes: 2048 },
      ]);
      expect((await board.stat(`${name}/${name}`)).sizeBytes).toBe(2048);
      expect(Buffer.compare(await board.read(`./x/../${name}//${name}`), everyByte)).toBe(0);
      await board.remove(name, { recursive: true });
      expect(await names(board)).toEqual([]);
    }
  });

  it('what a power cut left behind goes at the next list or write', async () => {
    const board = await connect();
    await board.run("open('/.upyw-0123abcd.tmp','w').close()\nopen('/.upyw-mine','w').close()");
    expect(withoutBoot(await board.list('/')).map(({ name }) => name)).toEqual(['.upyw-mine']);
    await board.run("open('/.upyw-0123abcd.tmp','w').close()");
    await board.write('a', everyByte);
    expect(await names(board)).toEqual(['.upyw-mine', 'a']);
  });
}

function foldersOf(connect: Connect): void {
  it('folders are listed as a tree, empty ones too', async () => {
    const board = await connect();
    await board.makeFolders(['a', 'b/c/d', 'e'], { parents: true });
    await board.makeFolder('b/c', { parents: true });
    const load = () => Uint8Array.of(1, 2, 3);
    await board.writeFiles(['b/x', 'b/c/y', 'main.py'].map((path) => ({ path, sizeBytes: 3, load })));
    const tree = withoutBoot(await board.list('', { recursive: true }));
    expect(tree.map(({ path, type, sizeBytes }) => `${path} ${type} ${sizeBytes}`)).toEqual([
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
    expect(withoutBoot(await board.list())).toEqual([]);
  });
}

function refusalsOf(connect: Connect): void {
  const tooLong = 'n'.repeat(300);
  const wrong: [string, (board: Board) => Promise<unknown>, string, string][] = [
    ['list what is not there', (board) => board.list('nope'), 'board/not-found', 'nope'],
    ['stat what is not there', (board) => board.stat('/nope/x'), 'board/not-found', '/nope/x'],
    ['read what is not there', (board) => board.read('nope'), 'board/not-found', 'nope'],
    ['read a folder', (board) => board.read('lib'), 'board/is-folder', 'lib'],
    ['write over a folder', (board) => board.write('lib', everyByte), 'board/is-folder', 'lib'],
    ['write the root', (board) => board.write('/', everyByte), 'board/is-folder', '/'],
    ['write into no folder', (board) => board.write('no/such', everyByte), 'board/not-found', 'no'],
    ['write into a file', (board) => board.write('file/x', everyByte), 'board/not-a-folder', 'file'],
    ['write too much', (board) => board.write('big', new Uint8Array(5_000_000)), 'board/no-space', 'big'],
    ['write a name too long', (board) => board.write(tooLong, everyByte), 'board/bad-path', tooLong],
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
  it('what cannot be is refused, each in its own words', async () => {
    const board = await connect();
    await board.makeFolder('lib');
    await board.write('lib/a.py', everyByte);
    await board.write('file', everyByte);
    for (const [attempt, make, code, path] of wrong) {
      const error = await failure(make(board));
      const details = error['details'] as { path?: string } | undefined;
      expect.soft([attempt, error['code'], details?.path]).toEqual([attempt, code, path]);
    }
    expect(await names(board)).toEqual(['file', 'lib']);
  });

  it('a disk too small is noticed before anything is sent, with numbers', async () => {
    const board = await connect();
    const [disk] = await board.disks();
    expect(disk).toMatchObject({ path: '/' });
    expect(disk!.freeBytes).toBeLessThanOrEqual(disk!.totalBytes);
    const sizeBytes = Math.ceil(disk!.freeBytes / 3 / 4096) * 4096 + 4096;
    const load = () => Promise.reject(new Error('was asked for its content'));
    const files = ['a', 'b', 'c'].map((path) => ({ path, sizeBytes, load }));
    const error = await failure(board.writeFiles(files));
    expect(error['message']).toMatch(/^no space on the board for c: it needs \d+ bytes, \d+ are free$/);
  });
}

function abortsOf(connect: Connect): void {
  const old = Buffer.from('the old one');

  it('an abort at any time leaves the old file', async () => {
    const board = await connect();
    const bytes = randomBytes(40_000);
    for (const doneBytes of [0, 1, 500, 20_000, 39_990]) {
      await board.write('data', old);
      const stop = new AbortController();
      const onProgress = (count: number) => {
        if (count >= doneBytes) stop.abort();
      };
      if (doneBytes === 0) stop.abort();
      const error = await failure(board.write('data', bytes, { signal: stop.signal, onProgress }));
      expect(error['code']).toBe('run/interrupted');
      expect(await names(board)).toEqual(['data']);
      // When the board has all the bytes, the new file may be in its place before the abort gets there.
      const whole = [old, ...(doneBytes === 39_990 ? [bytes] : [])].map(text);
      expect(whole).toContain(text(await board.read('data')));
    }
  });

  it('an abort while reading leaves a board that works', async () => {
    const board = await connect();
    await board.write('data', randomBytes(40_000));
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    const error = await failure(board.read('data', { signal: stop.signal, onProgress }));
    expect(error['code']).toBe('run/interrupted');
    expect((await board.read('data')).length).toBe(40_000);
  });
}

function fullDiskOf(connect: Connect): void {
  it('a disk that turns out to be full leaves the old file', async () => {
    const board = await connect();
    await board.write('data', Buffer.from('the old one'));
    // Leaves just so much that a file of it passes the check and misses room for what holds it together.
    const fill = `import os
s = os.statvfs('/')
with open('filler', 'wb') as f:
    for _ in range(s[3] - 30): f.write(b'x' * s[1])`;
    await board.run(fill);
    const [disk] = await board.disks();
    const error = await failure(board.write('data', randomBytes(disk!.freeBytes)));
    expect(error['code']).toBe('board/no-space');
    expect(await names(board)).toEqual(['data', 'filler']);
    expect(text(await board.read('data'))).toBe('the old one');
  });
}

function codeOf(connect: Connect): void {
  it('code runs, is evaluated, and fails as its own kind of error', async () => {
    const board = await connect();
    expect(text(await board.run('for i in range(3): print(i)')).replaceAll('\r', '')).toBe('0\n1\n2\n');
    expect(await board.evaluate('1 + 1 # two')).toBe('2');
    expect(await failure(board.run('1/0'))).toMatchObject({
      code: 'run/exception',
      exitCode: 4,
      details: { exception: 'ZeroDivisionError: divide by zero' },
    });
    expect(await failure(board.evaluate('x ='))).toMatchObject({ code: 'run/exception' });
    const { version, freeMemoryBytes } = await board.info();
    expect(version).toMatch(/^1\.\d+/);
    expect(freeMemoryBytes).toBeGreaterThan(10_000);
  });

  it('code of any length, with output of any length', async () => {
    const board = await connect();
    const long = `x = '''${'žluťoučký '.repeat(2000)}'''\nprint(len(x))`;
    expect(text(await board.run(long)).trim()).toBe('20000');
    let heard = 0;
    await board.run("for i in range(2000): print('0123456789' * 5)", {
      onOutput: (bytes) => {
        heard += bytes.filter((byte) => byte !== 0x0d).length;
      },
    });
    expect(heard).toBe(2000 * 51);
  });

  it.each(['while True: pass', 'while True: print(1)', 'import time\nwhile True: time.sleep(1)'])(
    'is interrupted: %j',
    async (code) => {
      const board = await connect();
      await board.run('before = 1');
      const error = await failure(
        board.run(code, { signal: AbortSignal.timeout(300), onOutput: () => undefined }),
      );
      expect(error['code']).toBe('run/interrupted');
      expect(await board.evaluate('1 + 1')).toBe('2');
    },
  );

  it('nothing of ours stays in the board', async () => {
    const board = await connect();
    await board.run('path = 1');
    await board.write('a', everyByte);
    await board.list();
    await failure(board.read('nope'));
    expect(await board.evaluate("[n for n in globals() if 'upyw' in n], path")).toBe('([], 1)');
  });
}
