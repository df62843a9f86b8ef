import type { PackageSource } from './package-index.js';

/** Packages of all kinds that there are, for two installers to bring the same of. */

const text = (content: string) => new TextEncoder().encode(content);
/** What passes for bytecode of version 6: its header, and something. */
const bytecode = (mark: number) => Uint8Array.of(0x4d, 6, 0, 31, mark, 0, 255);
const everyByte = Uint8Array.from({ length: 2048 }, (_, index) => index % 256);

export const shapePackages: readonly PackageSource[] = [
  {
    name: 'plain',
    version: '1.0.0',
    files: { 'plain.py': 'x = 1\n' },
    bytecode: { 'plain.mpy': bytecode(1) },
    older: [
      {
        name: 'plain',
        version: '0.9.0',
        files: { 'plain.py': 'old = 1\n' },
        bytecode: { 'plain.mpy': bytecode(2) },
      },
    ],
  },
  {
    name: 'folder',
    version: '1.0.0',
    files: { 'folder/__init__.py': 'y = 1\n', 'folder/inner.py': 'z = 2\n' },
  },
  {
    name: 'nested',
    version: '1.0.0',
    files: { 'a/b/c/d/deep.py': 'd = 1\n', 'a/b/other.py': 'o = 1\n', 'top.py': '' },
  },
  { name: 'needs-one', version: '1.0.0', files: { 'one.py': 'one\n' }, deps: [['plain', 'latest']] },
  {
    name: 'needs-two',
    version: '1.0.0',
    files: { 'two.py': 'two\n' },
    deps: [
      ['needs-one', 'latest'],
      ['folder', 'latest'],
    ],
  },
  {
    name: 'diamond',
    version: '1.0.0',
    deps: [
      ['needs-one', 'latest'],
      ['needs-two', 'latest'],
      ['plain', 'latest'],
    ],
  },
  { name: 'needs-old', version: '1.0.0', files: { 'n.py': 'n\n' }, deps: [['plain', '0.9.0']] },
  {
    name: 'data',
    version: '1.0.0',
    files: { 'data/every.bin': everyByte, 'data/empty.txt': '', 'data/žluť.txt': 'ž🐎\r\n' },
  },
  {
    name: 'dotted.name',
    version: '1.0.0',
    files: { 'dotted/name.py': 'dn\n' },
    bytecode: { 'dotted/name.mpy': bytecode(3) },
  },
  { name: 'with-dashes', version: '1.0.0', files: { 'with_dashes.py': 'wd\n' } },
  {
    name: 'over',
    version: '1.0.0',
    files: { 'plain.py': 'another one\n' },
    bytecode: { 'plain.mpy': bytecode(4) },
  },
  { name: 'large', version: '1.0.0', files: { 'large.py': '# line\n'.repeat(6000) } },
  {
    name: 'many',
    version: '1.0.0',
    files: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`many/f${index}.py`, `${index}\n`])),
  },
];

const json = (content: object) => text(JSON.stringify(content));

/** What other servers have: by host and path for those that speak https, by path alone for ours. */
export const repositories: ReadonlyMap<string, Uint8Array> = new Map([
  ['web/single.py', text('single\n')],
  ['web/single.mpy', bytecode(5)],
  [
    'web/lib/package.json',
    json({
      urls: [
        ['lib/a.py', 'src/a.py'],
        ['lib/b.py', 'src/deep/b.py'],
      ],
      version: '1',
    }),
  ],
  ['web/lib/src/a.py', text('a\n')],
  ['web/lib/src/deep/b.py', text('b\n')],
  ['web/mixed/package.json', json({ urls: [['mixed.py', 'mixed.py']], deps: [['needs-one', 'latest']] })],
  ['web/mixed/mixed.py', text('mixed\n')],
  [
    'web/hub/package.json',
    json({
      urls: [
        ['hub.py', 'github:org/repo/hub.py'],
        ['lab.py', 'gitlab:org/repo/lab.py'],
      ],
    }),
  ],
  ['web/hubdep/package.json', json({ deps: [['github:org/repo', 'v1.0']] })],
  ...Object.entries({ HEAD: 'head', main: 'main', 'v1.0': 'tag', 'feature/x': 'branch' }).flatMap(
    ([ref, mark]): [string, Uint8Array][] => {
      const at = `raw.githubusercontent.com/org/repo/${ref}`;
      const lab = `gitlab.com/org/repo/-/raw/${ref}`;
      return [
        [`${at}/package.json`, json({ urls: [['repo/__init__.py', 'src/init.py']], deps: [] })],
        [`${at}/src/init.py`, text(`init of ${mark}\n`)],
        [`${at}/hub.py`, text(`hub of ${mark}\n`)],
        [
          `${at}/sub/package.json`,
          json({
            urls: [
              ['sub.py', 'sub.py'],
              ['own.py', 'github:org/repo/hub.py'],
            ],
          }),
        ],
        [`${at}/sub/sub.py`, text(`sub of ${mark}\n`)],
        [`${lab}/package.json`, json({ urls: [['lab.py', 'lab.py']] })],
        [`${lab}/lab.py`, text(`lab of ${mark}\n`)],
      ];
    },
  ),
]);

export interface PackageShape {
  readonly what: string;
  /** `HOST` stands for our own server. */
  readonly specs: readonly string[];
  /** `py`: sources are asked for. */
  readonly form?: 'py';
}

const shape = (what: string, ...specs: string[]): PackageShape => ({ what, specs });

export const packageShapes: readonly PackageShape[] = [
  shape('one module, as bytecode', 'plain'),
  { ...shape('one module, as a source', 'plain'), form: 'py' },
  shape('a version', 'plain@0.9.0'),
  { ...shape('a version, as a source', 'plain@0.9.0'), form: 'py' },
  shape('a folder', 'folder'),
  shape('folders in folders', 'nested'),
  shape('a package that needs one', 'needs-one'),
  { ...shape('a package that needs one, as sources', 'needs-one'), form: 'py' },
  shape('a package that needs what needs others', 'needs-two'),
  shape('three ways to the same package, and no file of its own', 'diamond'),
  shape('a package that needs an older version', 'needs-old'),
  shape('two versions of one', 'needs-old', 'plain'),
  shape('files that are no programs', 'data'),
  shape('a dot in its name', 'dotted.name'),
  shape('a dash in its name', 'with-dashes'),
  shape('two packages', 'folder', 'with-dashes'),
  shape('two with a file of the same name', 'plain', 'over'),
  shape('the same, the other way round', 'over', 'plain'),
  shape('a large file', 'large'),
  shape('many files', 'many'),
  shape('a source from the web', 'http://HOST/web/single.py'),
  shape('bytecode from the web', 'http://HOST/web/single.mpy'),
  shape('a package.json from the web, its files relative to it', 'http://HOST/web/lib/package.json'),
  shape('a folder of the web', 'http://HOST/web/lib'),
  shape('a package of the web that needs one of the index', 'http://HOST/web/mixed'),
  shape('a package with files of two repositories', 'http://HOST/web/hub'),
  shape('a package that needs a repository', 'http://HOST/web/hubdep'),
  shape('a repository', 'github:org/repo'),
  shape('a repository with a branch', 'github:org/repo@main'),
  shape('a repository with a tag', 'github:org/repo@v1.0'),
  shape('a repository with a slash in its branch', 'github:org/repo@feature/x'),
  shape('a folder of a repository, with an address of its own in it', 'github:org/repo/sub@main'),
  shape('a file of a repository', 'github:org/repo/hub.py'),
  shape('a file of a repository, with a tag', 'github:org/repo/hub.py@v1.0'),
  shape('a repository of GitLab', 'gitlab:org/repo'),
  shape('a repository of GitLab, with a branch', 'gitlab:org/repo@main'),
  shape('a package.json of this computer', './package.json'),
];
