import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Person, askPerson } from '../support/person.js';
import { Workplace } from '../support/virtual-board.js';
import { has, testWith } from '../support/systems.js';

const everyByte = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

describe('files', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: true, inTest: true });
    await mkdir(here.path('src/dílna/prázdná'), { recursive: true });
    const files: Record<string, string | Uint8Array> = {
      'main.py': 'print("hello")\n',
      'src/every byte.bin': everyByte,
      'src/empty': '',
      'src/crlf.txt': 'one\r\ntwo\r\n',
      'src/dílna/čaj 🍵.py': '# ěščřžýáíé',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(here.path(name), content);
  });
  afterAll(() => here.close());

  test('a folder goes there and back byte for byte, empty folders and all', async () => {
    await here.ok('put', '-r', 'src');
    expect(await here.ok('tree')).toBe(
      [
        ':',
        '├── boot.py',
        '└── src/',
        '    ├── crlf.txt',
        '    ├── dílna/',
        '    │   ├── prázdná/',
        '    │   └── čaj 🍵.py',
        '    ├── empty',
        '    └── every byte.bin',
        '',
      ].join('\n'),
    );
    await here.ok('get', '-r', ':src', 'back');
    for (const name of ['every byte.bin', 'empty', 'crlf.txt', 'dílna/čaj 🍵.py']) {
      expect(await readFile(here.path('back', name)), name).toEqual(await readFile(here.path('src', name)));
    }
    expect(await readdir(here.path('back/dílna'))).toEqual(expect.arrayContaining(['prázdná']));
    expect(await here.bytes('cat', 'src/every byte.bin')).toEqual(everyByte);
  });

  test('put -r sends what differs only, or with --force everything', async () => {
    const put = async (...args: string[]) => {
      const document = JSON.parse(await here.ok('put', '-r', 'again', ':', '--json', ...args)) as {
        files: { remote: string }[];
        unchanged: { remote: string }[];
      };
      return [document.files, document.unchanged].map((files) => files.map(({ remote }) => remote));
    };
    await mkdir(here.path('again/deep'), { recursive: true });
    for (const name of ['a # b.py', 'deep/ž.py', 'empty']) await writeFile(here.path('again', name), name);
    const [a, deep, empty] = ['again/a # b.py', 'again/deep/ž.py', 'again/empty'];
    expect(await put()).toEqual([[a, empty, deep], []]);
    expect(await put()).toEqual([[], [a, empty, deep]]);
    await writeFile(here.path('again/deep/ž.py'), 'deep/ź.py');
    expect(await put('--dry-run')).toEqual([[deep], [a, empty]]);
    expect(await put()).toEqual([[deep], [a, empty]]);
    expect(await here.ok('cat', `:${deep}`)).toBe('deep/ź.py');
    expect(await put('--force')).toEqual([[a, empty, deep], []]);
    const { stderr } = await here.run('put', '-r', 'again', ':');
    expect(stderr).toBe('unchanged: 3 files\n');
    await here.ok('rm', '-r', ':again');
  });

  testWith('links for everybody', 'put -r warns of what it cannot copy', async () => {
    await mkdir(here.path('links'));
    await symlink('nowhere', here.path('links/dangling'));
    await symlink('around', here.path('links/around'));
    await writeFile(here.path('links/real'), '');
    const { exitCode, stderr } = await here.run('put', '-r', 'links');
    expect(exitCode).toBe(0);
    expect(stderr.match(/^! .*links\/(?:dangling|around) is left out/gm)).toHaveLength(2);
    expect(await here.ok('ls', ':links')).toBe('real\n');
    await here.ok('rm', '-r', ':links');
  });

  test('put -r keeps settings and secrets here, unless they are named', async () => {
    await mkdir(here.path('project/in'), { recursive: true });
    for (const name of ['main.py', 'upyw.config.yaml', 'in/upyw.secrets.yaml', 'in/.upywrc'])
      await writeFile(here.path('project', name), '');
    const { stderr } = await here.run('put', '-r', 'project', ':');
    expect(stderr.match(/^! .* stays here: it may hold passwords/gm)).toHaveLength(3);
    expect(stderr).toContain(join('project', 'in', 'upyw.secrets.yaml'));
    expect(await here.ok('ls', '-R', ':project')).toBe('project/in/\nproject/main.py\n');
    await here.ok('put', 'project/in/upyw.secrets.yaml', ':project');
    expect(await here.ok('ls', ':project')).toBe('in/\nmain.py\nupyw.secrets.yaml\n');
    await here.ok('rm', '-r', ':project');
  });

  test('rm -r reaches deeper than the stack of the board', async () => {
    const program =
      'import os\nfor i in range(250):\n os.mkdir("d")\n open("d/f", "w").close()\n os.chdir("d")\nos.chdir("/")\n';
    await here.ok('exec', program);
    await here.ok('rm', '-r', ':d');
    expect(await here.ok('ls')).not.toMatch(/^d\/?$/m);
  });

  test('put, ls, get, rm: one file, also the way ampy writes it', async () => {
    await here.ok('put', 'main.py', 'local.py');
    expect(await here.ok('ls', '-l', 'local.py')).toBe('15  local.py\n');
    await here.ok('mkdir', '-p', 'a/b');
    await here.ok('put', 'main.py', ':a/b');
    expect(await here.ok('ls', '-R', ':a')).toBe('a/b/\na/b/main.py\n');
    await here.ok('get', 'local.py', 'copied.py');
    expect(await readFile(here.path('copied.py'), 'utf8')).toBe('print("hello")\n');
    expect(await here.ok('get', ':local.py', '-')).toBe('print("hello")\n');
    await here.ok('rm', 'local.py');
    await here.ok('rm', '-r', ':a');
    const { entries } = JSON.parse(await here.ok('ls', '--json')) as { entries: object[] };
    expect(entries).toEqual([
      { name: 'boot.py', path: 'boot.py', type: 'file', sizeBytes: 139 },
      { name: 'src', path: 'src', type: 'folder', sizeBytes: 0 },
    ]);
    const { disks } = JSON.parse(await here.ok('df', '--json')) as {
      disks: { path: string; freeBytes: number }[];
    };
    expect(disks[0]?.path).toBe('/');
    expect(disks[0]?.freeBytes).toBeGreaterThan(100_000);
  });

  test('put asks before a file of the board is replaced by one of another name, given without a colon', async () => {
    await writeFile(here.path('mine.txt'), 'precious');
    await here.ok('put', 'mine.txt', ':other.txt');
    const put = async (confirm: boolean, ...operands: string[]) => {
      const person = new Person({ confirm });
      const { exitCode, stderr } = await askPerson(['put', ...operands], person, here.world);
      const told = stderr.includes('there is no file other.txt here: main.py takes the place of :other.txt');
      return [exitCode, told, person.questions.join(), await here.ok('cat', 'other.txt')];
    };
    const asked = expect.stringContaining('This will replace :other.txt on the board by main.py') as string;
    expect(await put(false, 'main.py', 'other.txt')).toEqual([1, true, asked, 'precious']);
    expect(await put(true, 'main.py', 'other.txt')).toEqual([0, true, asked, 'print("hello")\n']);
    // A colon says that it is meant.
    expect(await put(false, 'mine.txt', ':other.txt')).toEqual([0, false, '', 'precious']);
    const { exitCode, stderr } = await here.run('put', 'main.py', 'mine.txt', 'lib/');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('put a colon before it: :lib/')]);
    await here.ok('rm', 'other.txt');
  });

  test('rm of several removes none where one is not there', async () => {
    await here.ok('put', 'main.py', ':one.py');
    await here.ok('put', 'main.py', ':two.py');
    for (const missing of ['zero.py', 'src']) {
      const { exitCode, stderr } = await here.run('rm', 'one.py', missing, 'two.py');
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('; nothing was removed')]);
      expect(await here.ok('ls')).toMatch(/^one\.py\n[^]*^two\.py$/m);
    }
    await here.ok('rm', 'one.py', 'two.py');
  });

  testWith('file modes', 'a file with a password comes for its owner only', async () => {
    await writeFile(here.path('secret.py'), "wifi_passwd = 'swordfish'\n");
    await here.ok('put', 'secret.py', ':config.py');
    const { stderr } = await here.run('get', 'config.py', 'fetched.py');
    expect(stderr).toContain('! fetched.py seems to hold a password: keep it to yourself, and out of git');
    expect((await stat(here.path('fetched.py'))).mode & 0o777).toBe(0o600);
    // One that is there keeps its mode.
    await chmod(here.path('secret.py'), 0o640);
    await here.ok('get', 'config.py', 'secret.py');
    expect((await stat(here.path('secret.py'))).mode & 0o777).toBe(0o640);
    await here.ok('rm', 'config.py');
  });

  test('two files that would get one name are refused, here and there', async () => {
    await mkdir(here.path('twice/one'), { recursive: true });
    await mkdir(here.path('twice/two'), { recursive: true });
    for (const folder of ['one', 'two']) await writeFile(here.path('twice', folder, 'x.py'), folder);
    await here.ok('put', '-r', 'twice');
    for (const args of [
      ['put', 'twice/one/x.py', 'twice/two/x.py', ':'],
      ['get', ':twice/one/x.py', ':twice/two/x.py', 'twice'],
    ]) {
      const { exitCode, stderr } = await here.run(...args);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/would both become .*x\.py/)]);
    }
    // The same one twice is none the worse.
    await here.ok('get', ':twice/one/x.py', ':twice/one/x.py', 'twice');
    expect(await readFile(here.path('twice/x.py'), 'utf8')).toBe('one');
    await here.ok('rm', '-r', ':twice');
  });

  test('get asks before a file here with another content is replaced', async () => {
    await writeFile(here.path('mine.py'), 'print("mine")\n');
    await here.ok('put', 'main.py', ':mine.py');
    const get = async (confirm: boolean, ...args: string[]) => {
      const person = new Person({ confirm });
      const { exitCode } = await askPerson(['get', 'mine.py', ...args], person, here.world);
      return [exitCode, person.questions.join(), await readFile(here.path('mine.py'), 'utf8')];
    };
    const asked = expect.stringContaining('This will replace mine.py here') as string;
    expect(await get(false)).toEqual([1, asked, 'print("mine")\n']);
    expect(await get(true)).toEqual([0, asked, 'print("hello")\n']);
    expect(await get(false)).toEqual([0, '', 'print("hello")\n']);
    await writeFile(here.path('mine.py'), '');
    expect(await get(false, '--yes')).toEqual([0, '', 'print("hello")\n']);
    // What holds nothing can lose nothing; on Windows its name is refused.
    if (!has('device files')) return;
    const { exitCode } = await askPerson(['get', ':mine.py', devNull], new Person({}), here.world);
    expect(exitCode).toBe(0);
  });

  test('--dry-run says what it would do and changes nothing', async () => {
    const before = await here.ok('tree');
    for (const args of [
      ['put', 'main.py', ':src'],
      ['rm', '-r', 'src'],
      ['mkdir', 'new'],
      ['rmdir', 'src'],
      ['get', ':src/crlf.txt', 'not-made.txt'],
    ]) {
      const { exitCode, stderr } = await here.run('-n', ...args);
      expect(exitCode).toBe(0);
      expect(stderr, args.join(' ')).toMatch(/^would /);
    }
    expect(await here.ok('tree')).toBe(before);
    expect(await readdir(here.folder)).not.toContain('not-made.txt');
  });

  testWith(
    'names with quotes and newlines',
    'names with quotes, backslashes and newlines are names',
    async () => {
      const names = ['it\'s "so".py', 'back\\slash.py', 'new\nline.py', '-dash.py'];
      await mkdir(here.path('odd'));
      for (const name of names) await writeFile(here.path('odd', name), name);
      await here.ok('put', '-r', 'odd');
      expect(await here.ok('ls', ':odd')).toContain('new\\nline.py\n');
      await here.ok('get', '-r', ':odd', 'odd-back');
      for (const name of names) expect(await readFile(here.path('odd-back', name), 'utf8')).toBe(name);
      await here.ok('put', '--', 'odd/-dash.py', ':-dash.py');
      expect(await here.ok('cat', '--', '-dash.py')).toBe('-dash.py');
    },
  );
});

describe('what cannot be done is told with its code, the next step, and exit code 1', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: true, inTest: true });
    await mkdir(here.path('folder'));
    await writeFile(here.path('file.py'), 'x = 1\n');
    await writeFile(here.path('large.bin'), new Uint8Array(3_000_000));
    await here.ok('put', '-r', 'folder', 'file.py', ':');
  });
  afterAll(() => here.close());

  test.each([
    ['cat nothing.py', 'board/not-found'],
    ['get nothing.py', 'board/not-found'],
    ['rm nothing.py', 'board/not-found'],
    ['ls nothing', 'board/not-found'],
    ['cat folder', 'board/is-folder'],
    ['get folder', 'board/is-folder'],
    ['rm folder', 'board/is-folder'],
    ['rm :', 'board/is-folder'],
    ['put file.py :nowhere/file.py', 'board/not-found'],
    ['put file.py :file.py/inside', 'board/not-a-folder'],
    ['mkdir folder', 'board/exists'],
    ['rmdir file.py', 'board/not-a-folder'],
    ['put large.bin', 'board/no-space'],
    ['put file.py -p sim:other?unpaced&readonly', 'board/read-only'],
    ['ls ../..', 'board/bad-path'],
    ['get file.py folder/no/file.py', 'file/not-found'],
  ])('%s: %s', async (line, code) => {
    const error = await here.failure(...line.split(' '));
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect(error.hint).not.toBe('');
  });

  test('a local folder that cannot be written leaves what was there', async () => {
    await mkdir(here.path('in-the-way/file.py'), { recursive: true });
    expect(await here.failure('get', 'file.py', 'in-the-way')).toMatchObject({
      code: 'file/is-folder',
      exitCode: 1,
    });
    expect(await readdir(here.path('in-the-way'))).toEqual(['file.py']);
  });
});
