import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'vitest';
import { defaultOpeners } from '../../../src/openers.js';
import { UpywError } from '../../../src/errors.js';
import { failureInWorld } from '../memory-world.js';
import { type Report, local } from './report.js';

const blinking = [
  'import machine, time',
  't = machine.Timer(-1)',
  't.init(mode=machine.Timer.PERIODIC, period=10, callback=lambda t: None)',
  'while True: pass',
].join('\n');

/** Programs, prompts and ports. */
export const running: readonly Report[] = [
  {
    number: 'scientifichackers/ampy#43',
    situation: 'several commands right after one another',
    check: async (here) => {
      for (let round = 0; round < 8; round += 1)
        expect(await here.ok('eval', String(round))).toBe(`${round}\n`);
    },
  },
  {
    number: 'scientifichackers/ampy#19',
    situation: 'the board is still starting when the command comes',
    check: async (here) => {
      await here.ok('reset', '--hard');
      expect(await here.ok('ls')).toBe('');
    },
  },
  {
    number: 'scientifichackers/ampy#66',
    situation: 'main.py has timers and a loop without an end; it is put again and again',
    check: async (here) => {
      await local(here, 'main.py', blinking);
      for (let round = 0; round < 3; round += 1) {
        await here.ok('put', 'main.py');
        await here.ok('reset');
      }
      expect(await here.ok('cat', 'main.py')).toBe(blinking);
      await here.ok('exec', 't.deinit() if "t" in globals() else None');
    },
  },
  {
    number: 'pycom/pymakr-vsc#32',
    situation: 'main.py prints without a pause while it is replaced',
    check: async (here) => {
      await local(here, 'main.py', 'while True: print("connecting...")\n');
      await here.ok('put', 'main.py');
      await here.ok('reset', '--soft');
      await local(here, 'main.py', 'x = 1\n');
      await here.ok('put', 'main.py');
      expect(await here.ok('cat', 'main.py')).toBe('x = 1\n');
    },
  },
  {
    number: 'micropython/micropython#7732',
    situation: 'a soft reset, and on with the next command',
    check: async (here) => {
      await here.ok('exec', 'kept = 1');
      await here.ok('reset', '--soft');
      expect(await here.ok('eval', '"kept" in globals()')).toBe('False\n');
    },
  },
  {
    number: 'scientifichackers/ampy#71',
    situation: 'a board that says nothing is not waited for without an end',
    check: async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      await once(silent.listen(0, '127.0.0.1'), 'listening');
      const { port } = silent.address() as AddressInfo;
      try {
        const name = `socket://127.0.0.1:${port}`;
        expect(await failureInWorld(['ls', '-p', name, '--timeout', '300ms'], { cwd: '/' })).toMatchObject({
          code: 'rawrepl/no-prompt',
          exitCode: 3,
        });
      } finally {
        silent.close();
      }
    },
  },
  {
    number: 'scientifichackers/ampy#6',
    situation: 'a COM port with two digits',
    check: async () => {
      const opened: string[] = [];
      const serial = (address: string) => {
        opened.push(address);
        return Promise.reject(new UpywError('port/busy', { port: address }));
      };
      const world = { cwd: '/', platform: 'win32', openers: { ...defaultOpeners, serial } } as const;
      expect(await failureInWorld(['ls', '-p', 'COM16'], world)).toMatchObject({ code: 'port/busy' });
      expect(await failureInWorld(['ls', '-p', 'c16'], world)).toMatchObject({ code: 'port/busy' });
      expect(opened).toEqual(['COM16', 'COM16']);
    },
  },
  {
    number: 'scientifichackers/ampy#40',
    situation: 'run of a file that is on the board, not here',
    check: async (here) => {
      await local(here, 'scratch.py', 'print("from the board")\n');
      await here.ok('put', 'scratch.py', ':only-there.py');
      expect(await here.failure('run', 'only-there.py')).toMatchObject({
        code: 'file/not-found',
        message: expect.stringMatching(/there is no file .*only-there\.py here/) as string,
      });
      expect((await here.failure('run', ':only-there.py')).message).toContain(
        'upyw cat :only-there.py | upyw run -',
      );
    },
  },
  {
    number: 'micropython/micropython#8060',
    situation: 'exec of an expression prints nothing: eval shows it',
    check: async (here) => {
      await here.ok('mkdir', 'abc');
      expect(await here.ok('exec', 'import os; os.listdir()')).toBe('');
      expect(await here.ok('eval', '__import__("os").listdir()')).toBe("['abc']\n");
    },
  },
  {
    number: 'micropython/micropython#15282',
    situation: 'cat of a file that is not UTF-8',
    check: async (here) => {
      await local(here, 'main.py', Uint8Array.of(0x23, 0xe9, 0xff, 0xfe, 0x0a));
      await here.ok('put', 'main.py');
      expect(await here.bytes('cat', 'main.py')).toEqual(Uint8Array.of(0x23, 0xe9, 0xff, 0xfe, 0x0a));
    },
  },
  {
    number: 'wendlers/mpfshell#12',
    situation: 'cat of a binary file',
    check: async (here) => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await local(here, 'all.bin', all);
      await here.ok('put', 'all.bin');
      expect(await here.bytes('cat', 'all.bin')).toEqual(all);
    },
  },
  {
    number: 'wendlers/mpfshell#44',
    situation: 'get after a program has taken the names of built-in functions',
    check: async (here) => {
      await local(here, 'boot.py', '# mine\n');
      await here.ok('put', 'boot.py');
      await here.ok('exec', 'open = 5; len = 3; print = 1; list = 0');
      try {
        await here.ok('get', ':boot.py', 'home.py');
        expect(await here.ok('cat', 'boot.py')).toBe('# mine\n');
        expect(await here.ok('ls')).toBe('boot.py\n');
      } finally {
        await here.ok('exec', 'del open, len, print, list');
      }
    },
  },
  {
    number: 'ntoll/uflash#36',
    situation: 'a script sees by the exit code that a program failed',
    check: async (here) => {
      await local(here, 'fails.py', 'raise ValueError("no")\n');
      expect(await here.run('run', 'fails.py')).toMatchObject({ exitCode: 4 });
      await local(here, 'exits.py', 'import sys\nsys.exit(3)\n');
      expect(await here.run('run', 'exits.py')).toMatchObject({ exitCode: 4 });
      await local(here, 'works.py', 'print(1)\n');
      expect(await here.run('run', 'works.py')).toMatchObject({ exitCode: 0, stdout: '1\n' });
    },
  },
];
