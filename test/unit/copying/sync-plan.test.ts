import { describe, expect, test } from 'vitest';
import type { BoardEntry } from '../../../src/board/folders.js';
import type { Finding } from '../../../src/board/inspection.js';
import { type Keeps, makePlan, questions, together } from '../../../src/copying/sync-plan.js';

/** Paths with the hash's stand-in behind `=`; a `/` at the end is a folder. */
function wantedOf(words: string) {
  const all = words.split(' ').filter((word) => word !== '');
  return {
    folders: all.filter((word) => word.endsWith('/')).map((word) => word.slice(0, -1)),
    files: all
      .filter((word) => !word.endsWith('/'))
      .map((word) => {
        const [path = '', sha256 = ''] = word.split('=');
        return { local: `/here/${path}`, path, sizeBytes: 10, sha256 };
      }),
    skipped: [],
  };
}

/** What a board with these files would say. */
function plan(destination: string, wanted: string, onBoard: string, keeps?: Keeps) {
  const local = wantedOf(wanted);
  const { folders, files } = wantedOf(onBoard);
  const there = new Map<string, Finding>([
    ['', 'folder'],
    ['/', 'folder'],
    ...folders.map((path) => [path, 'folder'] as const),
    ...files.map(({ path, sha256 }) => [path, { sizeBytes: 7, sha256 }] as const),
  ]);
  const paths = questions(destination, local);
  const base = destination === '' || destination === '/' ? destination : `${destination}/`;
  const others: BoardEntry[] = [...there.keys()]
    .filter((path) => path.startsWith(base) && !paths.includes(path) && path !== '' && path !== '/')
    .map((path) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      type: there.get(path) === 'folder' ? 'folder' : 'file',
      sizeBytes: 7,
    }));
  const found = paths.map((path) => there.get(path));
  const made = makePlan(destination, local, { found, others }, keeps);
  return {
    folders: made.folders,
    files: made.files.map(({ remote, change }) => `${remote} ${change}`),
    unchanged: made.unchanged.map(({ remote }) => remote),
    removed: made.removed.map(({ path }) => path),
    removals: [...made.removals].sort(),
  };
}

const nothing = { folders: [], files: [], unchanged: [], removed: [], removals: [] };
const keepsNothing: Keeps = () => false;

describe('what sync will do', () => {
  test.each(['', '/', 'app', '/flash/app'])('new, changed and unchanged files in %j', (destination) => {
    const at = (path: string) =>
      destination === '' ? path : destination === '/' ? `/${path}` : `${destination}/${path}`;
    const there = `${destination === '' || destination === '/' ? '' : `${destination}/ `}${at('lib')}/ ${at('same')}=1 ${at('lib/old')}=2`;
    expect(plan(destination, 'lib/ empty/ same=1 lib/old=3 lib/new=4', there)).toEqual({
      ...nothing,
      folders: [at('empty')],
      files: [`${at('lib/old')} changed`, `${at('lib/new')} new`],
      unchanged: [at('same')],
    });
  });

  test('a destination that is not there is made, one that is a file is refused', () => {
    expect(plan('app', 'a=1', '')).toEqual({ ...nothing, folders: ['app'], files: ['app/a new'] });
    expect(() => plan('app', 'a=1', 'app=1', keepsNothing)).toThrow(
      expect.objectContaining({ code: 'board/not-a-folder', details: { path: 'app' } }),
    );
  });

  test('a hash that the board cannot compute is unlike any', () => {
    const local = wantedOf('a=1');
    const found: Finding[] = ['folder', { sizeBytes: 10, sha256: undefined }];
    expect(makePlan('', local, { found, others: [] }, undefined).files).toMatchObject([
      { change: 'changed' },
    ]);
  });

  test('what is only on the board stays, unless that is asked for', () => {
    expect(plan('', 'a=1', 'a=1 b=2 old/ old/c=3')).toEqual({ ...nothing, unchanged: ['a'] });
    expect(plan('', 'a=1', 'a=1 b=2 old/ old/c=3 old/in/ old/in/d=4', keepsNothing)).toEqual({
      ...nothing,
      unchanged: ['a'],
      removed: ['b', 'old', 'old/c', 'old/in', 'old/in/d'],
      removals: ['b', 'old'],
    });
  });

  test('what a second attempt finds done was done by the first', () => {
    const planOf = (wanted: string, found: Finding[]) =>
      makePlan('', wantedOf(wanted), { found: ['folder', ...found], others: [] }, undefined);
    const there = { sizeBytes: 10, sha256: '1' };
    const first = planOf('in/ same=1 sent=1 lost=1', [undefined, there, undefined, undefined]);
    const second = planOf('in/ same=1 sent=1 late=1', ['folder', there, there, undefined]);
    const both = together(first, second);
    expect(both.folders).toEqual(['in']);
    expect(both.files.map(({ remote }) => remote)).toEqual(['sent', 'late']);
    expect(both.unchanged.map(({ remote }) => remote)).toEqual(['same']);
  });

  test('what is outside the destination stays', () => {
    expect(plan('app', '', 'boot.py=1 app/ app/x=2 app2/ app2/y=3', keepsNothing)).toMatchObject({
      removed: ['app/x'],
    });
  });

  test('what is ignored stays, and the folders that it is in', () => {
    const keeps: Keeps = (path, kind) => path === 'log/keep/a.csv' || (path === 'data' && kind === 'folder');
    const there = 'log/ log/b=1 log/keep/ log/keep/a.csv=2 log/gone/ log/gone/c=3 data/ boot.py=4';
    expect(plan('', '', there, keeps)).toMatchObject({
      removed: ['boot.py', 'log/b', 'log/gone', 'log/gone/c'],
      removals: ['boot.py', 'log/b', 'log/gone'],
    });
    const below = there.replaceAll(/(?<=^| )/g, 'app/');
    expect(plan('app', '', `app/ ${below}`, keeps)).toMatchObject({
      removals: ['app/boot.py', 'app/log/b', 'app/log/gone'],
    });
  });

  test.each([
    ['a=1', 'a/ a/x=1', 'a', 'folder'],
    ['a/ a/x=1', 'a=1', 'a', 'file'],
  ])('%j where there is %j: refused, or replaced', (wanted, there, path, found) => {
    const inTheWay = expect.objectContaining({ code: 'board/in-the-way', details: { path, found } }) as Error;
    expect(() => plan('', wanted, there)).toThrow(inTheWay);
    expect(plan('', wanted, there, keepsNothing)).toMatchObject({ removals: ['a'] });
    expect(plan('', wanted, there, keepsNothing).files).toEqual([found === 'file' ? 'a/x new' : 'a new']);
    // Something in it, or it itself, is to stay.
    const keeps: Keeps = (kept) => kept === (found === 'folder' ? 'a/x' : 'a');
    expect(() => plan('', wanted, there, keeps)).toThrow(inTheWay);
  });
});
