import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IgnoreRules, OwnFileRules } from '../../../src/local/ignore-rules.js';
import { readLocalFolder } from '../../../src/local/read-folder.js';
import { testWith } from '../../support/systems.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'upyw-ignore-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function place(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function names(): Promise<string[]> {
  const { files } = await readLocalFolder(root, new IgnoreRules());
  return files.map(({ path }) => path).sort();
}

const rules = [
  '# what stays here',
  '*.log',
  '!keep.log',
  '/top.txt',
  'data/',
  'docs/**/draft.md',
  '\\#odd',
  'space\\ ',
  'ž*',
].join('\r\n');

const tree: Readonly<Record<string, string>> = {
  '.upywignore': rules,
  ...Object.fromEntries(
    [
      ...[
        'a.log',
        'keep.log',
        'top.txt',
        'deep/top.txt',
        'deep/b.log',
        'data/x',
        'deep/data/y',
        'deep/data2',
      ],
      ...['docs/a/b/draft.md', 'docs/a/final.md', '#odd', 'odd', 'space ', 'žába', 'main.py', 'B.LOG'],
      ...[
        'le[v]el/only.here',
        'le[v]el/in/only.here',
        'le[v]el/other.log',
        'le[v]el/anchored/z',
        'level/only.here',
      ],
      ...['le[v]el/in/anchored/z', 'only.here'],
    ].map((path) => [path, path]),
  ),
  'le[v]el/.upywignore': '\n# here\nonly.here\n!other.log\n/anchored\n',
};

describe('.upywignore', () => {
  test('is read as git reads .gitignore, nested ones too', async () => {
    await place(tree);
    expect(await names()).toEqual(
      [
        ...['keep.log', 'deep/top.txt', 'deep/data2', 'docs/a/final.md', 'odd', 'main.py', 'B.LOG'],
        ...['le[v]el/other.log', 'le[v]el/in/anchored/z', 'level/only.here', 'only.here'],
      ].sort(),
    );
  });

  test('agrees with git itself, where there is one', async ({ skip }) => {
    const run = promisify(execFile);
    const git = (...args: string[]) =>
      run(
        'git',
        ['-c', 'core.excludesFile=', '-c', 'core.ignoreCase=false', '-c', 'core.quotePath=false', ...args],
        {
          cwd: root,
        },
      );
    await git('--version').catch(() => skip('no git here'));
    const asGit = Object.entries(tree).map(([path, content]) => [
      path.replace('.upywignore', '.gitignore'),
      content,
    ]);
    await place({ ...tree, ...(Object.fromEntries(asGit) as Record<string, string>) });
    await git('init', '-q');
    const { stdout } = await git('ls-files', '-z', '--others', '--exclude-standard');
    const theirs = stdout.split('\0').filter((path) => path !== '' && !/\.(?:git|upyw)ignore$/.test(path));
    expect(await names()).toEqual(theirs.sort());
  });

  test('what is of no use on a board, or holds secrets, stays here', async () => {
    const useless = [
      ...[
        '.git/HEAD',
        '.DS_Store',
        'lib/.DS_Store',
        'lib/__pycache__/a.pyc',
        '.vscode/settings.json',
        '.#main.py',
      ],
      ...[
        'upyw.config.yaml',
        'upyw.config.js',
        'upyw.secrets.yaml',
        'lib/upyw.secrets.json',
        '.upywrc',
        '.upywrc.json',
        'lib/upyw.config.json',
        'main.py~',
      ],
      ...[
        'esp32-240a12345678-2025-11-23.bin',
        'esp32c3-240a12345678-2025-11-23-2.bin',
        '.main.py.swp',
        '#main.py#',
      ],
    ];
    await place({
      ...Object.fromEntries(useless.map((path) => [path, ''])),
      'package.json': '{ "upyw": { "port": "u0" } }',
      'lib/package.json': '{ "urls": [] }',
      'bad/package.json': '{',
      'main.py': '',
      'image.bin': '',
    });
    expect(await names()).toEqual(['bad/package.json', 'image.bin', 'lib/package.json', 'main.py']);
  });

  test('a rule of the user brings such a thing back', async () => {
    await place({
      '.upywignore': '!upyw.config.yaml\n!/package.json\n',
      'upyw.config.yaml': '',
      'package.json': '{ "upyw": {} }',
    });
    expect(await names()).toEqual(['package.json', 'upyw.config.yaml']);
  });

  test('copies of the secrets, whoever left them, stay here in both ways to copy a folder', async () => {
    const copies = [
      ...['upyw.secrets.yaml~', '.upyw.secrets.yaml.swp', 'upyw.secrets.yaml.bak', 'upyw.secrets.yaml.orig'],
      ...['UPYW.SECRETS.YAML', 'lib/upyw.secrets copy.yml', '#upyw.secrets.yaml#', 'upyw.config.yaml.old'],
      ...['.upywrc~', '.board.bin.upyw-4711.part', '.upyw-0123456789ab'],
    ];
    await place({ ...Object.fromEntries(copies.map((path) => [path, ''])), 'main.py': '' });
    expect(await names()).toEqual(['main.py']);
    const own = new OwnFileRules();
    expect((await readLocalFolder(root, own)).files.map(({ path }) => path)).toEqual(['main.py']);
    expect([...own.leftOut].sort()).toEqual([...copies].sort());
  });

  test('holds for what is only on the board, too', async () => {
    await place({ '.upywignore': 'data/\n*.csv\n!good.csv\n' });
    const own = new IgnoreRules();
    await readLocalFolder(root, own);
    const cases = [
      ['data', 'folder', true],
      ['data', 'file', false],
      ['data/deep/x', 'file', true],
      ['log/a.csv', 'file', true],
      ['log/good.csv', 'file', false],
      ['log', 'folder', false],
      ['..odd', 'file', false],
    ] as const;
    for (const [path, kind, expected] of cases) expect(own.leavesOut(path, kind), path).toBe(expected);
  });
});

testWith('links for everybody', 'links that lead nowhere are told, and ignored ones are not', async () => {
  await place({ '.upywignore': 'ignored\n', real: '' });
  await symlink('nowhere', join(root, 'dangling'));
  await symlink('nowhere', join(root, 'ignored'));
  await symlink('someone@host.123', join(root, '.#real'));
  const { files, skipped } = await readLocalFolder(root, new IgnoreRules());
  expect(files.map(({ path }) => path)).toEqual(['real']);
  expect(skipped).toEqual([{ path: 'dangling', local: join(root, 'dangling'), why: 'leads nowhere' }]);
});

testWith(
  'links for everybody',
  'links out of the folder are followed only when asked; links within it always are',
  async () => {
    await place({ 'outside/id_rsa': 'KEY', 'project/lib/a.py': '', 'project/main.py': '' });
    const project = join(root, 'project');
    await symlink(join(root, 'outside'), join(project, 'assets'));
    await symlink('../outside/id_rsa', join(project, 'key'));
    await symlink('lib', join(project, 'vendor'));
    const careful = await readLocalFolder(project);
    expect(careful.files.map(({ path }) => path)).toEqual(['main.py', 'lib/a.py', 'vendor/a.py']);
    expect(careful.skipped.map(({ path, why }) => [path, why])).toEqual([
      ['assets', 'outside'],
      ['key', 'outside'],
    ]);
    const all = await readLocalFolder(project, undefined, { outsideLinks: true });
    expect(all.files.map(({ path }) => path)).toContain('assets/id_rsa');
    expect(all.skipped).toEqual([]);
  },
);

testWith('names that are not UTF-8', 'a name that is not UTF-8 is told as it can be shown', async () => {
  await place({ 'main.py': '' });
  await writeFile(Buffer.concat([Buffer.from(`${root}/gr`), Buffer.of(0xfc), Buffer.from('n.txt')]), 'x');
  const { files, skipped } = await readLocalFolder(root);
  expect(files.map(({ path }) => path)).toEqual(['main.py']);
  expect(skipped).toEqual([{ path: 'gr\\xfcn.txt', local: join(root, 'gr\\xfcn.txt'), why: 'not UTF-8' }]);
});
