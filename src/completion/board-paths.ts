import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { withBoard } from '../connecting/open-board.js';
import { createContext } from '../context.js';
import { createWorld } from '../create-world.js';
import { readFlags } from '../program/read-flags.js';
import { JsonReporter } from '../ui/json-reporter.js';
import type { Candidate } from './candidates.js';

/** Nobody waits longer for a completion. */
const patienceMs = 2500;
/** So long an answer is used again, while somebody types on. */
const keptMs = 5000;
const closeMs = 200;

/**
 * Files and folders on the board in the folder that `typed` is in; with a colon before them if that has one. One quick connection without a reset, silent
 * when the board is busy or does not answer.
 */
export async function boardPathCandidates(typed: string, port: string | undefined): Promise<Candidate[]> {
  const colon = typed.startsWith(':') ? ':' : '';
  const path = typed.slice(colon.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const entries = await kept(`${port ?? process.env['UPYW_PORT'] ?? ''} ${process.cwd()} ${folder}`, () =>
    listOnBoard(folder, port),
  );
  return entries.map((name) => ({ value: `${colon}${folder}${name}`, what: '' }));
}

async function listOnBoard(folder: string, port: string | undefined): Promise<string[]> {
  const { world, closePorts } = createWorld(AbortSignal.timeout(patienceMs));
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const reporter = new JsonReporter({ stdout: nowhere, stderr: nowhere, verbose: false });
  const named = port === undefined ? {} : { port: [port] };
  const flags = readFlags({ timeout: String(patienceMs / 1000), reset: false, ...named });
  // Without a terminal nobody is asked which of several boards is meant.
  const quiet = {
    ...world,
    stdin: Object.assign(Object.create(world.stdin) as typeof world.stdin, { isTTY: false }),
  };
  const context = createContext(quiet, reporter, flags);
  try {
    const entries = await withBoard(context, (board) => board.list(folder, { signal: world.signal }));
    return entries.map(({ path, type }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return type === 'folder' ? `${name}/` : name;
    });
  } finally {
    await closePorts(closeMs);
  }
}

/** An answer of a moment ago, else a new one; a failure is kept as well, so that a busy board is not asked at each key. */
async function kept(question: string, ask: () => Promise<string[]>): Promise<string[]> {
  const folder = join(tmpdir(), `upyw-completion-${process.getuid?.() ?? ''}`);
  const path = join(folder, createHash('sha256').update(question).digest('hex').slice(0, 32));
  try {
    const { atMs, names } = JSON.parse(await readFile(path, 'utf8')) as { atMs: number; names: string[] };
    if (Math.abs(Date.now() - atMs) < keptMs) return names;
  } catch {
    // None, or not whole.
  }
  const names = await ask().catch(() => []);
  await mkdir(folder, { mode: 0o700, recursive: true })
    .then(() => writeFile(path, JSON.stringify({ atMs: Date.now(), names }), { mode: 0o600 }))
    .catch(() => undefined);
  return names;
}
