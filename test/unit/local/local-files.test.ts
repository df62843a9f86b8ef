import { statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localKind, readLocalFile, writeLocalFile } from '../../../src/local/local-files.js';
import { openPrivateFile } from '../../../src/local/private-file.js';
import { localError } from '../../../src/errors/local-error.js';
import { AtomicFile } from '../../../src/local/atomic-file.js';
import { makeFolders } from '../../../src/local/make-folders.js';
import { testWith } from '../../support/systems.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-local-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const bytes = Uint8Array.of(0, 13, 10, 255);

describe('writing', () => {
  test('makes or replaces the file and leaves nothing else', async () => {
    const path = join(folder, 'a.bin');
    await writeLocalFile(path, Uint8Array.of(1));
    await writeLocalFile(path, bytes);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  testWith('links for everybody', 'keeps permissions and links', async () => {
    const path = join(folder, 'target');
    await writeFile(path, 'old');
    await chmod(path, 0o751);
    await symlink('target', join(folder, 'link'));
    await writeLocalFile(join(folder, 'link'), bytes);
    expect((await stat(path)).mode & 0o777).toBe(0o751);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect((await readdir(folder)).sort()).toEqual(['link', 'target']);
  });

  testWith('file modes', 'a mode asked for is kept from others', async () => {
    await writeLocalFile(join(folder, 'secret'), bytes, { mode: 0o600 });
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
  });

  testWith('device files', 'a device is written to, not replaced', async () => {
    await writeLocalFile('/dev/null', bytes);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test('a folder, or a folder that is not there, is told, with nothing left behind', async () => {
    await mkdir(join(folder, 'sub'));
    await expect(writeLocalFile(join(folder, 'sub'), bytes)).rejects.toMatchObject({
      code: 'file/is-folder',
    });
    await expect(writeLocalFile(join(folder, 'no', 'x'), bytes)).rejects.toMatchObject({
      code: 'file/not-found',
    });
    expect(await readdir(folder)).toEqual(['sub']);
  });
});

describe('private files', () => {
  testWith('file modes', 'a file that was there with other permissions', async () => {
    const path = join(folder, 'trace.txt');
    await writeFile(path, 'old and long', { mode: 0o644 });
    const replaced = await openPrivateFile(path, { append: false });
    await replaced.write('new');
    await replaced.close();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const appended = await openPrivateFile(path, { append: true });
    await appended.write('er');
    await appended.close();
    expect(await readFile(path, 'utf8')).toBe('newer');
  });

  testWith('device files', 'a device keeps its permissions', async () => {
    const before = (await stat('/dev/null')).mode;
    await (await openPrivateFile('/dev/null', { append: false })).close();
    expect((await stat('/dev/null')).mode).toBe(before);
  });
});

describe('files that are read back before they take their name', () => {
  testWith('device files', 'a device is refused, not replaced', async () => {
    await symlink('/dev/null', join(folder, 'node'));
    for (const path of ['/dev/null', join(folder, 'node')]) {
      await expect(AtomicFile.create(path)).rejects.toMatchObject({ code: 'file/not-ordinary' });
    }
    await expect(AtomicFile.create(folder)).rejects.toMatchObject({ code: 'file/is-folder' });
    expect(await readdir(folder)).toEqual(['node']);
  });

  testWith('links for everybody', 'a link keeps pointing where it did', async () => {
    await writeFile(join(folder, 'target'), 'old');
    await symlink('target', join(folder, 'link'));
    const file = await AtomicFile.create(join(folder, 'link'));
    await file.write(bytes, 0);
    await file.commit();
    expect(new Uint8Array(await readFile(join(folder, 'target')))).toEqual(bytes);
    expect((await readdir(folder)).sort()).toEqual(['link', 'target']);
  });
});

describe('folders', () => {
  test('are made with those above them', () => {
    makeFolders(join(folder, 'a', 'b', 'c'));
    makeFolders(join(folder, 'a', 'b', 'c'));
    expect(statSync(join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
  });

  test('a file in the way is an error', async () => {
    await writeFile(join(folder, 'a'), '');
    for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      expect(() => {
        makeFolders(join(folder, ...names));
      }).toThrow(
        expect.objectContaining({ code: 'file/not-a-folder', details: { path: join(folder, 'a') } }),
      );
    }
  });

  testWith('/proc', 'where none can be made, that ends', () => {
    expect(() => {
      makeFolders('/proc/nope/deep');
    }).toThrow('ENOENT');
  });
});

describe('reading', () => {
  test('kinds, and what cannot be read', async () => {
    await writeFile(join(folder, 'a'), 'x');
    expect(await localKind(join(folder, 'a'))).toBe('file');
    expect(await localKind(folder)).toBe('folder');
    expect(await localKind(join(folder, 'a', 'b'))).toBeUndefined();
    await expect(readLocalFile(join(folder, 'b'))).rejects.toMatchObject({
      code: 'file/not-found',
      exitCode: 1,
    });
    await expect(readLocalFile(folder)).rejects.toMatchObject({ code: 'file/is-folder' });
  });

  test.each([
    ['EACCES', 'file/permission'],
    ['EROFS', 'file/permission'],
    ['ENOSPC', 'file/no-space'],
    ['ENOTDIR', 'file/not-a-folder'],
    ['ENAMETOOLONG', 'file/failed'],
  ])('%s is %s', (code, ours) => {
    expect(localError(Object.assign(new Error('why'), { code }), 'x')).toMatchObject({ code: ours });
  });
});
