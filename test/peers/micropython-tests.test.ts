import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';
import { startUpyw } from '../support/upyw.js';
import { expectedFailures } from './micropython-tests.expected.js';

/** MicroPython's own tests, as its developers run them on a board, on the virtual one. */
const folders = [
  ['basics', 'io', 'import'],
  ['extmod', 'float', 'micropython', 'misc', 'net_hosted', 'ports/esp32', 'stress', 'unicode'],
];
const timeoutMs = 15 * 60_000;
/** Filling all the memory there is takes a board without a limit of a chip's some seconds. */
const testTimeoutS = '60';

const unittest = fileURLToPath(new URL('../support/board/unittest.py', import.meta.url));

describeWithPeers('MicroPython’s own tests', ['micropython-source', 'peer-python'], () => {
  it(
    'fail where the list says so, and nowhere else',
    async () => {
      const { stdout: source } = await execa('micropython-source');
      const failed = await Promise.all(folders.map((some) => runTests(source, some)));
      expect(failed.flat().sort()).toEqual(Object.keys(expectedFailures).sort());
    },
    timeoutMs,
  );
});

/**
 * @returns the tests that failed, and did not pass when they were run again: some of them measure time, on a machine that has other
 * things to do; some find what they left behind, and skip themselves
 */
async function runTests(source: string, some: readonly string[]): Promise<string[]> {
  const board = await ServedBoard.start('sim:?unpaced&net=host', '--pty');
  const results = mkdtempSync(join(tmpdir(), 'upyw-micropython-'));
  const run = async (...which: string[]): Promise<void> => runOnce(source, board, results, which);
  const those = (result: string): string[] => testsWith(result, join(results, '_results.json'));
  try {
    await prepareBoard(board, source);
    await run('-d', ...some);
    const failed = those('fail');
    if (failed.length === 0) return [];
    await run('--run-failures');
    const passed = those('pass');
    return failed.filter((test) => !passed.includes(test));
  } finally {
    await board.stop();
    rmSync(results, { recursive: true });
  }
}

async function runOnce(
  source: string,
  board: ServedBoard,
  results: string,
  which: readonly string[],
): Promise<void> {
  const args = ['run-tests.py', '-t', `port:${board.ptyPath ?? ''}`, '-r', results, ...which];
  const env = {
    MICROPY_CPYTHON3: 'peer-python',
    MICROPY_TEST_TIMEOUT: testTimeoutS,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const run = await execa('peer-python', args, { cwd: join(source, 'tests'), env, reject: false, all: true });
  if (!run.all.includes('tests performed'))
    throw new Error(`the tests came to no end: ${run.all.slice(-2000)}`);
}

/** On a computer the tests run in their own folders; a board has their files at its root. */
async function prepareBoard(board: ServedBoard, source: string): Promise<void> {
  const run = async (...args: string[]): Promise<void> => {
    const { exitCode, stderr } = await startUpyw(board.folder, args, {
      env: { ...board.env, UPYW_PORT: 'sim:' },
    });
    if (exitCode !== 0) throw new Error(stderr);
  };
  await run('mkdir', ':lib');
  await run('put', unittest, ':lib/unittest.py');
  const imported = readdirSync(join(source, 'tests/import')).filter((name) => !/\.(exp|md)$/.test(name));
  await run('put', '-r', ...imported.map((name) => join(source, 'tests/import', name)), ':');
  await run('put', '-r', join(source, 'tests/io/data'), ':');
  await run('put', '-r', join(source, 'tests/unicode/data'), ':');
}

function testsWith(result: string, path: string): string[] {
  const { results } = JSON.parse(readFileSync(path, 'utf8')) as { results: [string, string, string][] };
  return results.filter(([, each]) => each === result).map(([test]) => test);
}
