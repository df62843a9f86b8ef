import { readFile, utimes } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Workplace } from '../virtual-board.js';
import { type Report, anyBytes, local } from './report.js';

/** There and back: what came home is what went out. */
async function survives(here: Workplace, name: string, content: string | Uint8Array): Promise<void> {
  await local(here, name, content);
  await here.ok('put', name, ':');
  await here.ok('get', `:${name}`, 'home');
  expect(await readFile(here.path('home'))).toEqual(Buffer.from(content));
}

async function summary(here: Workplace, ...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await here.ok(...args, '--json')) as Record<string, unknown>;
}

/** Files that go to the board and come back. */
export const copying: readonly Report[] = [
  {
    number: 'micropython/micropython#18657',
    situation: 'an apostrophe in a file name',
    check: async (here) => {
      await survives(here, "O'zbek_Ismoilov.txt", 'test\n');
      expect(await here.ok('ls')).toBe("O'zbek_Ismoilov.txt\n");
      await here.ok('rm', "O'zbek_Ismoilov.txt");
    },
  },
  {
    number: 'dhylands/rshell#77',
    situation: 'a space in the name of a folder here',
    check: async (here) => {
      await local(here, 'Google Drive/scripts/main.py', 'print(1)\n');
      await here.ok('put', 'Google Drive/scripts/main.py', '/main.py');
      expect(await here.ok('cat', 'main.py')).toBe('print(1)\n');
      await here.ok('put', '-r', 'Google Drive', ':');
      expect(await here.ok('ls', 'Google Drive/scripts')).toBe('main.py\n');
    },
  },
  {
    number: 'JetBrains/intellij-micropython#331',
    situation: 'characters of several bytes in a file',
    check: (here) => survives(here, 'intl.py', '# °¨– ž 温度 🌡\nprint("°¨–")\n'),
  },
  {
    number: 'scientifichackers/ampy#83',
    situation: 'a .wav file is fetched from the board',
    check: (here) => survives(here, 'mic_recording.wav', anyBytes(20_000)),
  },
  {
    number: 'scientifichackers/ampy#45',
    situation: 'what is binary goes up and comes down, with every control byte of the REPL in it',
    check: (here) =>
      survives(
        here,
        'bytes.bin',
        Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff),
      ),
  },
  {
    number: 'scientifichackers/ampy#47',
    situation: 'get right after put',
    check: async (here) => {
      for (const text of ['print("a")\n', 'print("b")\r\n', '']) await survives(here, 'test.py', text);
    },
  },
  {
    number: 'wendlers/mpfshell#73',
    situation: 'pictures for a web server go into /www',
    check: async (here) => {
      const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...anyBytes(3000)]);
      await here.ok('mkdir', '/www');
      await local(here, 'b.png', png);
      await local(here, 'favicon.ico', anyBytes(1150));
      await here.ok('put', 'b.png', 'favicon.ico', ':/www');
      expect(await here.ok('ls', '-l', '/www')).toBe('3008  b.png\n1150  favicon.ico\n');
    },
  },
  {
    number: 'wendlers/mpfshell#69',
    situation: 'a large file is copied both ways',
    check: (here) => survives(here, 'large.bin', anyBytes(60_000)),
  },
  {
    number: 'scientifichackers/ampy#70',
    situation: 'a file is put again and again under another name',
    check: async (here) => {
      for (let round = 0; round < 5; round += 1) {
        await local(here, 'lcd.py', `round = ${round}\n`);
        await here.ok('put', 'lcd.py', 'main.py');
        expect(await here.ok('cat', 'main.py')).toBe(`round = ${round}\n`);
      }
      expect(await here.ok('ls')).toBe('main.py\n');
    },
  },
  {
    number: 'thonny/thonny#1206',
    situation: 'six files in quick succession',
    check: async (here) => {
      const names = ['a.py', 'b.py', 'c.py', 'd.py', 'e.py', 'f.py'];
      for (const name of names) {
        await local(here, name, `# ${name}\n`);
        await here.ok('put', name);
      }
      expect(await here.ok('cat', ...names)).toBe(names.map((name) => `# ${name}\n`).join(''));
    },
  },
  {
    number: 'pycom/pymakr-atom#65',
    situation: 'a file with a class and no import',
    check: (here) =>
      survives(here, 'only_class.py', 'class Sensor:\n    def read(self):\n        return 1\n'),
  },
  {
    number: 'pycom/pymakr-atom#58',
    situation: 'a project of thirteen files, with an empty one and a folder among them',
    check: async (here) => {
      for (let file = 0; file < 12; file += 1) await local(here, `src/m${file}.py`, 'x\n'.repeat(file * 300));
      await local(here, 'src/cert/root.pem', anyBytes(1700));
      expect(await summary(here, 'sync', 'src')).toMatchObject({ ok: true });
      expect(await here.ok('exec', 'import os; print(len(os.listdir()), os.stat("m11.py")[6])')).toBe(
        '13 6600\n',
      );
      expect(await here.ok('ls', '-l', 'cert')).toBe('1700  root.pem\n');
    },
  },
  {
    number: 'dhylands/rshell#188',
    situation: 'the times of files are wrong on one side: what counts is the content',
    check: async (here) => {
      await local(here, 'pico/blink.py', 'x = 1\n');
      await here.ok('sync', 'pico');
      await local(here, 'pico/blink.py', 'x = 2\n');
      await utimes(here.path('pico/blink.py'), 0, 0);
      await here.ok('sync', 'pico');
      expect(await here.ok('cat', 'blink.py')).toBe('x = 2\n');
    },
  },
  {
    number: 'dhylands/rshell#133',
    situation: 'every file counts as newer at each sync',
    check: async (here) => {
      await local(here, 'src/main.py', 'x = 1\n');
      await here.ok('sync', 'src');
      await utimes(here.path('src/main.py'), new Date(), new Date());
      expect(await here.run('sync', 'src')).toMatchObject({
        exitCode: 0,
        stderr: expect.stringMatching(/unchanged|same/) as string,
      });
      expect(await summary(here, 'sync', 'src')).toMatchObject({ files: [] });
    },
  },
];
