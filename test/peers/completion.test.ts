import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { type TerminalSession, watchTerminal } from '../support/terminal.js';
import { cleanEnv, executable, startUpyw } from '../support/upyw.js';

/** Completion in real shells: installed as a user installs it, and typed with Tab. */

const shells = { bash: [], zsh: [], fish: ['--private'] };

for (const [shell, flags] of Object.entries(shells)) {
  describeWithPeers(`completion in ${shell}`, [shell], () => {
    let home: string;
    let terminal: TerminalSession;
    let env: Record<string, string>;
    let board: ReturnType<typeof startUpyw>;

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'upyw-shell-'));
      const program = join(home, 'bin', 'upyw');
      await mkdir(join(home, 'bin'));
      await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${executable}' "$@"\n`);
      await chmod(program, 0o755);
      await writeFile(join(home, 'blink-led.py'), 'print(1)\n');
      const own = { UPYW_SIM_DIR: join(home, 'boards'), UPYW_PORT: 'sim:desk', TERM: 'xterm' };
      env = cleanEnv(home, own);
      env['PATH'] = `${join(home, 'bin')}${delimiter}${env['PATH'] ?? ''}`;
      for (const run of [1, 2]) {
        const installed = await startUpyw(home, ['completion', shell, '--install'], { env });
        expect([run, installed.exitCode]).toEqual([run, 0]);
        expect(installed.stdout).toContain('To undo it: remove ');
      }
      // Switched on already, as a board on a cable is.
      board = startUpyw(home, ['sim', 'serve', '-p', 'sim:desk?unpaced', '--listen', '127.0.0.1:0'], { env });
      await once(board.stdout, 'data');
      terminal = watchTerminal([shell, ...flags, '-i'], {
        cwd: home,
        env,
        told: { args: [], env: {} },
        patienceMs: 20_000,
      });
      terminal.write('echo re""ady\r');
      await terminal.see('ready');
    });
    afterAll(async () => {
      terminal.kill();
      board.kill('SIGTERM');
      await board;
      await rm(home, { recursive: true, maxRetries: 10 });
    });

    it.each([
      ['a command', 'upyw firmw', 'upyw firmware'],
      ['a command below another', 'upyw firmware pru', 'upyw firmware prune'],
      ['an option', 'upyw flash --keep-f', 'upyw flash --keep-files'],
      ['an option of every command', 'upyw ls --verb', 'upyw ls --verbose'],
      ['a local file', 'upyw put blin', 'upyw put blink-led.py'],
      ['a path on the board behind a colon', 'upyw cat :boo', 'upyw cat :boot.py'],
      ['a port', 'upyw -p si', 'upyw -p sim:'],
    ])('%s', async (_, typed, whole) => {
      terminal.write(`echo ne""xt\r`);
      await terminal.see('next');
      terminal.write(`${typed}\t`);
      const rest = whole.slice(typed.length);
      // What the shell adds comes behind the echo, whole or in a line that is drawn anew.
      await terminal.see(new RegExp(escaped(rest)));
      // Takes the line away, and nothing of what comes behind it.
      terminal.write('\u0015');
    });

    it('is installed once', async () => {
      if (shell === 'fish') return;
      const start = await readFile(join(home, `.${shell}rc`), 'utf8');
      expect(start.match(/# upyw completion/g)).toHaveLength(1);
    });
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
