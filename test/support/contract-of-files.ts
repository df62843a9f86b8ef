import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { changesOf } from './contract-of-changes.js';
import {
  type Connect,
  contents,
  everyByte,
  failure,
  names,
  roundTrip,
  sha256,
  withoutBoot,
} from './board-files.js';

/** What holds for the files of every board. */
export function filesOf(connect: Connect, folderNames: readonly string[]): void {
  copiesOf(connect);
  changesOf(connect);
  hashesOf(connect);
  inspectionsOf(connect);
  namesOf(connect, folderNames);
}

function copiesOf(connect: Connect): void {
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
}

function hashesOf(connect: Connect): void {
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
}

function inspectionsOf(connect: Connect): void {
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
}

function namesOf(connect: Connect, folderNames: readonly string[]): void {
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

export function foldersOf(connect: Connect): void {
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
