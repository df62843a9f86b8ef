import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let packed: string[];

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What a stranger does with the tarball: an empty folder, npm install, run. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'upyw-package-'));
  // No scripts: `prepare` would rebuild build/ and dist/ under the feet of the tests that run beside this one.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await execa('npm', pack, { cwd: root });
  const report = JSON.parse(stdout) as Record<string, PackReport> | PackReport[];
  const [tarball] = Object.values(report);
  packed = tarball!.files.map((file) => file.path);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball!.filename}`];
  await execa('npm', install, { cwd: folder });
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ UPYW_SIM_DIR: path.join(folder, 'boards') });

function upyw(...args: string[]) {
  return execa('npx', ['--no-install', 'upyw', ...args], { cwd: folder, env: env(), reject: false });
}

describe('the npm pack tarball, installed into an empty folder', () => {
  it('holds what runs and nothing of the workshop it was made in', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'bin/upyw.js',
        'dist/main.js',
        'build/index.d.ts',
        'README.md',
        'docs/errors.md',
        'LICENSE',
      ]),
    );
    const allowed =
      /^(bin|dist|device|templates)\/|^docs\/[-a-z]+\.md$|^build\/.*\.d\.ts$|^(README\.md|CHANGELOG\.md|LICENSE|package\.json|npm-shrinkwrap\.json)$/;
    expect(packed.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it('brings the versions along that it was tested with', async () => {
    const lock = JSON.parse(await readFile(path.join(root, 'npm-shrinkwrap.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const nameOf = (place: string) =>
      place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const locked = new Set(
      Object.entries(lock.packages).map(([place, { version }]) => `${nameOf(place)}@${version}`),
    );
    const installed = JSON.parse(
      await readFile(path.join(folder, 'node_modules/.package-lock.json'), 'utf8'),
    ) as typeof lock;
    const found = Object.entries(installed.packages)
      .filter(([place]) => nameOf(place) !== 'upyw')
      .map(([place, { version }]) => `${nameOf(place)}@${version}`);
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((each) => !locked.has(each))).toEqual([]);
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    await expect(upyw('--version')).resolves.toMatchObject({ stdout: version, exitCode: 0 });
  });

  it('puts a file on the virtual board and shows it', async () => {
    await writeFile(path.join(folder, 'hello.py'), 'print("hello")\n');
    await expect(upyw('put', '-p', 'sim:?unpaced', 'hello.py')).resolves.toMatchObject({ exitCode: 0 });
    const cat = await upyw('cat', '-p', 'sim:?unpaced', 'hello.py');
    expect(cat).toMatchObject({ stdout: 'print("hello")', exitCode: 0 });
  });

  it('is a library with types', async () => {
    const script = `
      import { Board, openPort } from 'upyw';
      const port = await openPort('sim:?unpaced', { baudRate: 115200 });
      const board = await Board.connect(port);
      const text: string = await board.evaluate('6 * 7');
      console.log(text);
      await board.disconnect();
      await port.close();
    `;
    await writeFile(path.join(folder, 'consumer.mts'), script);
    const types = { types: ['node'], typeRoots: [path.join(root, 'node_modules/@types')] };
    const compilerOptions = { module: 'NodeNext', target: 'ES2023', strict: true, ...types };
    await writeFile(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.mts'] }),
    );
    await execa('node', [path.join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder });
    const run = await execa('node', ['consumer.mjs'], { cwd: folder, env: env() });
    expect(run.stdout).toBe('42');
  }, 120_000);
});
