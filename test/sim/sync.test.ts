import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPort } from 'upyw';
import { Interrupted } from '../../src/interruption.js';
import { defaultOpeners } from '../../src/openers.js';
import { MemoryOutput } from '../support/memory-output.js';
import { runInWorld } from '../support/memory-world.js';
import { Workplace } from '../support/virtual-board.js';
import { testWith } from '../support/systems.js';

interface SyncDocument {
  readonly destination: string;
  readonly removed: string[];
  readonly folders: string[];
  readonly files: { remote: string; change: string }[];
  readonly unchanged: { remote: string }[];
}

let here: Workplace;
beforeEach(async () => {
  here = await Workplace.open({ served: true, inTest: true });
});
afterEach(() => here.close());

async function place(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(here.path(path)), { recursive: true });
    await writeFile(here.path(path), content);
  }
}

async function sync(
  ...args: string[]
): Promise<Record<'removed' | 'folders' | 'files' | 'unchanged', string[]>> {
  const document = JSON.parse(await here.ok('sync', '--json', ...args)) as SyncDocument;
  return {
    removed: document.removed,
    folders: document.folders,
    files: document.files.map(({ remote, change }) => `${remote} ${change}`),
    unchanged: document.unchanged.map(({ remote }) => remote),
  };
}

const nothing = { removed: [], folders: [], files: [], unchanged: [] };

/** Runs it with somebody at a terminal who answers every question with the same. */
async function atTerminal(answer: boolean, ...args: string[]) {
  return atTerminalOf(new MemoryOutput({ isTTY: true }), new AbortController(), answer, ...args);
}

async function atTerminalOf(
  stderr: MemoryOutput,
  ended: AbortController,
  answer: boolean,
  ...args: string[]
) {
  const questions: string[] = [];
  const confirm = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  const unused = () => Promise.reject(new Error('nobody asks for that'));
  const { exitCode } = await runInWorld(['--no-color', ...args], {
    cwd: here.folder,
    env: { HOME: here.folder, UPYW_PORT: 'sim:' },
    openers: { ...defaultOpeners, sim: (address, options) => openPort(address, options) },
    stdin: Object.assign(Readable.from([]), { isTTY: true }),
    stderr,
    prompts: { confirm, select: unused, input: unused, password: unused },
    signal: ended.signal,
  });
  return { exitCode, questions, stderr: stderr.text };
}

describe('sync', { timeout: 60_000 }, () => {
  test('sends what differs, and nothing the second time', async () => {
    await place({
      'src/main.py': 'print(1)',
      'src/lib/a b.py': 'a',
      'src/lib/ž 🐎 #.py': new Uint8Array(9000),
      'src/lib/empty': '',
      'src/.upywignore': '*.log\n',
      'src/x.log': 'no',
      'src/upyw.config.yaml': 'port: u0',
    });
    await mkdir(here.path('src/hollow/inner'), { recursive: true });
    const files = ['main.py', 'lib/a b.py', 'lib/empty', 'lib/ž 🐎 #.py'];
    expect(await sync('src')).toEqual({
      ...nothing,
      folders: ['hollow', 'lib', 'hollow/inner'],
      files: files.map((path) => `${path} new`),
    });
    expect(await here.ok('ls', '-R')).toBe(
      [
        'boot.py',
        'hollow/',
        'hollow/inner/',
        'lib/',
        'lib/a b.py',
        'lib/empty',
        'lib/ž 🐎 #.py',
        'main.py',
        '',
      ].join('\n'),
    );
    expect(await sync('src')).toEqual({ ...nothing, unchanged: files });
    expect((await here.run('sync', 'src')).stderr).toBe('everything is the same: 4 files\n');
    // As long as before: neither size nor time tells.
    await place({ 'src/main.py': 'print(2)' });
    expect(await sync('src', '-n')).toMatchObject({ files: ['main.py changed'] });
    expect((await here.run('sync', 'src')).stderr).toMatch(
      /^sync main\.py {2}8 B.*\n1 changed, 3 unchanged\n$/,
    );
    expect(await here.ok('cat', ':main.py')).toBe('print(2)');
    // Something else has happened on the board.
    await here.ok(
      'exec',
      "f = open('lib/empty','w')\nf.write('x')\nf.close()\nimport os; os.remove('lib/a b.py')",
    );
    expect(await sync('src/', ':/')).toMatchObject({ files: ['/lib/a b.py new', '/lib/empty changed'] });
  });

  test('into a folder, which is made where it is missing', async () => {
    await place({ 'src/a.py': 'a', 'src/in/b.py': 'b' });
    expect(await sync('src', ':app/one')).toMatchObject({ folders: ['app/one', 'app/one/in'] });
    expect(await sync('src/.', '/app/one/')).toMatchObject({
      unchanged: ['/app/one/a.py', '/app/one/in/b.py'],
    });
    expect(await here.ok('ls', '-R', ':app')).toBe('app/one/\napp/one/a.py\napp/one/in/\napp/one/in/b.py\n');
    await mkdir(here.path('nothing'));
    expect((await here.run('sync', 'nothing', ':app')).stderr).toBe('nothing to do\n');
  });

  test('--delete removes what is gone here, and nothing else', async () => {
    await place({ 'src/a.py': 'a', 'src/lib/b.py': 'b', 'src/.upywignore': 'data/\n' });
    await here.ok('sync', 'src', ':app');
    await here.ok('exec', "import os\nfor f in 'boot.py','app/old.py','app/lib/c.py': open(f,'w').close()");
    await here.ok(
      'exec',
      "import os\nos.mkdir('app/data')\nopen('app/data/log','w').close()\nos.mkdir('app/gone')",
    );
    await rm(here.path('src/lib'), { recursive: true });
    const { stderr, exitCode } = await here.run('sync', 'src', ':app', '--delete', '-n');
    expect([exitCode, stderr]).toEqual([
      0,
      [
        ...['gone/', 'lib/', 'lib/b.py', 'lib/c.py', 'old.py'].map((path) => `would remove :app/${path}`),
        '1 unchanged, 5 to be removed',
        '',
      ].join('\n'),
    ]);
    expect(await sync('src', ':app')).toEqual({ ...nothing, unchanged: ['app/a.py'] });
    const removed = ['app/gone', 'app/lib', 'app/lib/b.py', 'app/lib/c.py', 'app/old.py'];
    expect(await sync('src', ':app', '--delete')).toEqual({ ...nothing, removed, unchanged: ['app/a.py'] });
    expect(await here.ok('ls', '-R')).toBe('app/\napp/a.py\napp/data/\napp/data/log\nboot.py\n');
  });

  test('--delete asks at a terminal, with all that would go by name', async () => {
    await place({ 'src/a.py': 'a' });
    await here.ok(
      'exec',
      "open('boot.py','w').close()\nimport os\nos.mkdir('lib')\nopen('lib/x','w').close()",
    );
    const no = await atTerminal(false, 'sync', 'src', '--delete');
    expect(no.questions).toEqual(['This will remove :boot.py and 2 others from the board. Go on?']);
    expect(no.stderr).toContain('  :boot.py\n  :lib/\n  :lib/x\n');
    expect([no.exitCode, no.stderr]).toEqual([1, expect.stringContaining('usage/declined')]);
    expect(await here.ok('ls', '-R')).toBe('boot.py\nlib/\nlib/x\n');
    expect((await atTerminal(false, 'sync', 'src')).questions).toEqual([]);
    expect(await atTerminal(false, 'sync', 'src', '--delete', '-n')).toMatchObject({
      exitCode: 0,
      questions: [],
    });
    expect(await atTerminal(true, 'sync', 'src', '--delete')).toMatchObject({ exitCode: 0 });
    expect(await here.ok('ls', '-R')).toBe('a.py\n');
    await here.ok('exec', "open('x','w').close()");
    expect(await atTerminal(false, 'sync', 'src', '--delete', '--yes')).toMatchObject({
      exitCode: 0,
      questions: [],
    });
    expect(await here.ok('ls', '-R')).toBe('a.py\n');
  });

  test('--watch --delete asks once, and later removes only what was here', async () => {
    await place({ 'src/a.py': 'a', 'src/b.py': 'b' });
    await here.ok('exec', "open('old','w').close()");
    const stderr = new MemoryOutput({ isTTY: true });
    const ended = new AbortController();
    const said = (text: string) => expect.poll(() => stderr.text, { timeout: 20_000 }).toContain(text);
    const watching = atTerminalOf(stderr, ended, true, 'sync', 'src', '--watch', '--delete');
    await said('Watching');
    expect(await here.ok('ls')).toBe('a.py\nb.py\n');
    await here.ok('exec', "open('measured','w').close()");
    await rm(here.path('src/a.py'));
    await said('1 unchanged, 1 removed');
    expect(await here.ok('ls')).toBe('b.py\nmeasured\n');
    ended.abort(new Interrupted());
    expect(await watching).toMatchObject({
      exitCode: 0,
      questions: ['This will remove :boot.py and 1 other from the board. Go on?'],
    });
  });

  test('a folder where a file is to go, and the reverse', async () => {
    await place({ 'src/one': 'a', 'src/two/x': 'b', 'src/other': 'c' });
    await here.ok('exec', "import os\nos.mkdir('one')\nopen('one/in','w').close()\nopen('two','w').close()");
    expect(await here.failure('sync', 'src')).toMatchObject({
      code: 'board/in-the-way',
      exitCode: 1,
      details: { path: 'two', found: 'file' },
    });
    expect(await here.ok('ls', '-R')).toBe('boot.py\none/\none/in\ntwo\n');
    expect(await sync('src', '--delete')).toMatchObject({ removed: ['boot.py', 'one', 'one/in', 'two'] });
    expect(await here.ok('ls', '-R')).toBe('one\nother\ntwo/\ntwo/x\n');
  });

  test('what does not fit is told before anything is removed or sent', async () => {
    await place({ 'src/a.py': 'a', 'src/big.bin': new Uint8Array(3_000_000) });
    await here.ok('exec', "open('old','w').write('x'*100)");
    expect(await here.failure('sync', 'src', '--delete')).toMatchObject({
      code: 'board/no-space',
      details: { path: 'big.bin', neededBytes: 3_000_000 },
    });
    expect(await here.ok('ls')).toBe('boot.py\nold\n');
  });

  test.each([
    [['sync', 'nothing'], 'file/not-found', 1],
    [['sync', 'a.py'], 'file/not-a-folder', 1],
    [['sync', ':lib'], 'usage/arguments', 2],
    [['sync', 'src', ':file'], 'board/not-a-folder', 1],
    [['sync', 'src', ':file/in'], 'board/not-a-folder', 1],
    [['sync', 'src', '..'], 'board/bad-path', 1],
  ])('%j: %s', async (args, code, exitCode) => {
    await place({ 'a.py': '', 'src/b.py': '' });
    await here.ok('exec', "open('file','w').close()");
    expect(await here.failure(...args)).toMatchObject({ code, exitCode });
  });

  test('a file that goes or grows between the look at it and its sending', async () => {
    await place({ 'src/a.py': 'a', 'src/gone.py': 'b', 'src/grown.py': 'c' });
    // The folder has been read when the port is opened.
    const sim: typeof openPort = async (address, options) => {
      await rm(here.path('src/gone.py'));
      await writeFile(here.path('src/grown.py'), 'grown');
      return openPort(address, options);
    };
    const { exitCode, stdout } = await runInWorld(['sync', 'src', '--json'], {
      cwd: here.folder,
      env: { HOME: here.folder, UPYW_PORT: 'sim:' },
      openers: { ...defaultOpeners, sim },
    });
    const { files, unchanged } = JSON.parse(stdout) as SyncDocument;
    expect([exitCode, files, unchanged]).toMatchObject([0, [{ remote: 'a.py' }, { remote: 'grown.py' }], []]);
    expect(await here.ok('ls', '-l')).toBe('  1  a.py\n139  boot.py\n  5  grown.py\n');
  });

  testWith(
    'links for everybody',
    'links that lead out of the folder are told, and followed when asked; what they bring is not removed later',
    async () => {
      await place({ 'src/a.py': 'a', 'elsewhere/b.py': 'b' });
      await symlink('../elsewhere', here.path('src/linked'));
      await symlink('..', here.path('src/up'));
      await symlink('nowhere', here.path('src/dangling'));
      const { stderr } = await here.run('sync', 'src');
      expect(stderr).toMatch(
        /^! .*dangling is left out.*\n! .*linked is left out.*--outside-links\n! .*up is left out/,
      );
      expect(await here.ok('ls', '-R')).toBe('a.py\nboot.py\n');
      await here.ok('sync', '--outside-links', 'src');
      expect(await here.ok('ls', '-R')).toBe('a.py\nboot.py\nlinked/\nlinked/b.py\n');
      await here.ok('sync', '--delete', 'src');
      expect(await here.ok('ls', '-R')).toBe('a.py\nlinked/\nlinked/b.py\n');
    },
  );
});
