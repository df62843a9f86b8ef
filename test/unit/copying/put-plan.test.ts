import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitPutOperands } from '../../../src/copying/put-operands.js';
import { placeSources, readSources } from '../../../src/copying/put-plan.js';
import { testWith } from '../../support/systems.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-plan-'));
  await mkdir(join(cwd, 'src/deep'), { recursive: true });
  for (const name of ['a.py', 'b.py', 'src/c.py', 'src/deep/d.py']) await writeFile(join(cwd, name), name);
});
afterAll(async () => {
  await rm(cwd, { recursive: true });
});

/** What is on the board of these tests. */
const onBoard: Record<string, 'file' | 'folder'> = { lib: 'folder', 'main.py': 'file' };

async function plan(line: string): Promise<string[]> {
  const operands = line.split(' ').filter((word) => !word.startsWith('-'));
  const { sources, destination } = await splitPutOperands(operands, () => Promise.resolve(false), 'linux');
  const read = await readSources(cwd, sources, {
    recursive: line.includes('-r'),
    outsideLinks: line.includes('--outside-links'),
    stdin: Readable.from([]),
  });
  const { folders, files } = await placeSources(read, destination, (path) => Promise.resolve(onBoard[path]));
  return [...folders.map((folder) => `${folder}/`), ...files.map(({ remote }) => remote)];
}

test.each([
  ['a.py', ['a.py']],
  ['src/c.py', ['c.py']],
  ['a.py :', ['a.py']],
  ['a.py :/', ['/a.py']],
  ['a.py :new.py', ['new.py']],
  ['a.py :main.py', ['main.py']],
  ['a.py :lib', ['lib/a.py']],
  ['a.py :lib/', ['lib/a.py']],
  ['a.py lib', ['lib/a.py']],
  ['a.py b.py :lib', ['lib/a.py', 'lib/b.py']],
  ['-r src', ['src/', 'src/deep/', 'src/c.py', 'src/deep/d.py']],
  ['-r src :lib', ['lib/src/', 'lib/src/deep/', 'lib/src/c.py', 'lib/src/deep/d.py']],
  ['-r src :new', ['new/', 'new/deep/', 'new/c.py', 'new/deep/d.py']],
  ['-r src :new/', ['new/', 'new/deep/', 'new/c.py', 'new/deep/d.py']],
  ['-r src/. :lib', ['lib/deep/', 'lib/c.py', 'lib/deep/d.py']],
  ['-r src/. :', ['deep/', 'c.py', 'deep/d.py']],
  ['-r a.py src :lib', ['lib/src/', 'lib/src/deep/', 'lib/a.py', 'lib/src/c.py', 'lib/src/deep/d.py']],
])('put %s goes where cp would put it', async (line, expected) => {
  expect(await plan(line)).toEqual(expected);
});

test.each([
  ['nothing.py', 'file/not-found'],
  ['src', 'file/is-folder'],
  ['a.py b.py :main.py', 'board/not-a-folder'],
  ['a.py :main.py/', 'board/not-a-folder'],
  ['-r src :main.py', 'board/not-a-folder'],
  ['a.py b.py :nowhere', 'board/not-found'],
  ['a.py :nowhere/', 'board/not-found'],
  ['-r src a.py :nowhere', 'board/not-found'],
])('put %s is %s', async (line, code) => {
  await expect(plan(line)).rejects.toMatchObject({ code });
});

testWith(
  'links for everybody',
  'a link to a folder elsewhere is followed when asked, unless it leads back up',
  async () => {
    await mkdir(join(cwd, 'linked'));
    await symlink('..', join(cwd, 'linked/up'));
    await symlink(join(cwd, 'src/deep'), join(cwd, 'linked/aside'));
    expect(await plan('-r linked')).toEqual(['linked/']);
    expect(await plan('-r --outside-links linked')).toEqual([
      'linked/',
      'linked/aside/',
      'linked/aside/d.py',
    ]);
  },
);
