import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWith, testWith } from '../support/systems.js';
import { openTerminal } from '../support/terminal.js';

describeWith(
  'pseudo-terminals',
  'what a person types',
  () => {
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'upyw-typed-'));
    });
    afterAll(async () => {
      await rm(home, { recursive: true, maxRetries: 3 });
    });

    test('goes to the program that upyw run runs, and is shown once', async () => {
      await writeFile(
        join(home, 'ask.py'),
        'name = input("name? ")\nprint("hello", name)\nprint(input() + "!")\n',
      );
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      const session = openTerminal(home, ['-p', 'sim:typed?unpaced', 'run', 'ask.py'], { env });
      await session.see('name? ');
      session.write('Ada\r');
      expect(await session.see('hello Ada')).toBe('Ada\r\nhello Ada');
      session.write('bye\r');
      expect(await session.see('bye!')).toBe('\r\nbye\r\nbye!');
      expect(await session.ended).toBe(0);
    });

    testWith('setsid', 'a terminal that closes at a question ends the command without a crash', async () => {
      const errorFile = join(home, 'errors');
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      // In a session of its own no signal says so: the terminal is just gone.
      const session = openTerminal(home, ['-p', 'sim:closed?unpaced', 'erase'], {
        env,
        errorFile,
        prefix: 'setsid --wait',
      });
      await session.see('Go on?');
      session.kill();
      await vi.waitFor(
        async () => {
          expect(await readFile(errorFile, 'utf8')).toMatch(
            /^✘ .*\n→ .*\n {2}(?:run\/interrupted|file\/failed)\n$/,
          );
        },
        { timeout: 5000 },
      );
    });
  },
  { concurrent: true },
);
