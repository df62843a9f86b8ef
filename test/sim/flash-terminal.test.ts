import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTerminal } from '../support/terminal.js';
import type { TerminalSession } from '../support/terminal.js';
import { describeWith } from '../support/systems.js';

/** The questions that the commands on the whole chip ask a person. */
describeWith(
  'pseudo-terminals',
  'at a terminal',
  () => {
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'upyw-flash-terminal-'));
    });
    afterAll(async () => {
      await rm(home, { recursive: true, maxRetries: 3 });
    });

    function start(name: string, args: readonly string[], options = ''): TerminalSession {
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      return openTerminal(home, ['-p', `sim:${name}?unpaced${options}`, ...args], { env });
    }

    it('flash says what is lost, and asks once', async () => {
      const session = start('yes', ['flash']);
      await session.see('Everything on it is lost');
      session.write('y\r');
      await session.see('MicroPython 1.27.0 answers');
      expect(await session.ended).toBe(0);
    });

    it.each([['erase'], ['flash', '--keep-files']])('nothing happens without a yes: %s', async (...args) => {
      const name = `no-${args[0]}`;
      const session = start(name, args);
      await session.see('Go on?');
      session.write('\r');
      await session.see('usage/declined');
      expect(await session.ended).toBe(1);
      expect((await readFile(join(home, 'boards', name, 'flash.bin'))).includes('upyw stand-in')).toBe(true);
    });

    it('Ctrl-D at a question leaves, too', async () => {
      const session = start('left', ['erase']);
      await session.see('Go on?');
      session.write('\u0004');
      await session.see('run/interrupted');
      expect(await session.ended).toBe(130);
    });

    it('asks on stdout where stderr goes to a file', async () => {
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      const session = openTerminal(home, ['-p', 'sim:log?unpaced', 'erase'], {
        env,
        errorFile: 'errors.log',
      });
      await session.see('Go on?');
      session.write('\r');
      expect(await session.ended).toBe(1);
      expect(await readFile(join(home, 'errors.log'), 'utf8')).toContain('usage/declined');
    });

    it('--yes is an answer', async () => {
      const session = start('agreed', ['erase', '--yes']);
      await session.see('is blank');
      expect(await session.ended).toBe(0);
      expect(session.shown).not.toContain('Go on?');
    });

    it('moves its line on a terminal that knows no width', async () => {
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      const session = openTerminal(home, ['-p', 'sim:wide', 'erase', '--yes'], { env, hasWidth: false });
      await session.see('█');
      await session.see('is blank');
      expect(await session.ended).toBe(0);
    });

    it('asks for the buttons where the lines do not do it, and goes on when they were pressed', async () => {
      const session = start('buttons', ['chip'], '&fault=buttons:5000');
      await session.see('Hold BOOT, tap EN (RST), then let BOOT go');
      await session.see('ESP32-D0WDQ6');
      expect(await session.ended).toBe(0);
    });

    it('Ctrl-C in the middle of flashing says what state the chip is in', async () => {
      const erased = start('broken', ['erase', '--yes']);
      expect(await erased.ended).toBe(0);
      const env = { UPYW_SIM_DIR: join(home, 'boards') };
      const session = openTerminal(home, ['-p', 'sim:broken', 'flash', '--yes'], { env });
      await session.see('flash: write');
      session.write('\u0003');
      await session.see('The chip holds only part of the firmware and does not start');
      expect(await session.ended).toBe(130);
    });
  },
  { concurrent: true },
);
