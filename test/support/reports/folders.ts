import { mkdir } from 'node:fs/promises';
import { expect } from 'vitest';
import { type Report, local } from './report.js';

/** Folders, names and what is where. */
export const folders: readonly Report[] = [
  {
    number: 'scientifichackers/ampy#81',
    situation: 'a folder is put to the root, which is there already',
    check: async (here) => {
      await local(here, 'src/main.py', 'print(1)\n');
      await here.ok('put', '-r', 'src', '/');
      expect(await here.ok('ls', '-R')).toBe('src/\nsrc/main.py\n');
      await here.ok('put', '-r', 'src/.', ':/');
      expect(await here.ok('cat', '/main.py')).toBe('print(1)\n');
    },
  },
  {
    number: 'micropython/micropython#17173',
    situation: 'a folder is copied to one that is not there, both with a slash at the end',
    check: async (here) => {
      await local(here, 'configuration/wifi/a.json', '{}');
      await here.ok('put', '-r', 'configuration/', ':configuration/');
      expect(await here.ok('cat', ':/configuration/wifi/a.json')).toBe('{}');
    },
  },
  {
    number: 'micropython/micropython#9746',
    situation: 'a folder is copied over an empty one of its name',
    check: async (here) => {
      await here.ok('mkdir', 'main');
      await local(here, 'main/d40.py', 'x = 1\n');
      await local(here, 'main/d41.mpy', Uint8Array.of(0x4d, 6, 0, 31));
      await here.ok('put', '-r', 'main/', ':');
      expect(await here.ok('ls', '-l', 'main')).toBe('6  d40.py\n4  d41.mpy\n');
    },
  },
  {
    number: 'micropython/micropython#17267',
    situation: 'a slip in the name of the folder to copy into',
    check: async (here) => {
      await here.ok('mkdir', 'test');
      await local(here, 'a.py', '');
      await local(here, 'b.py', '');
      expect(await here.failure('put', 'a.py', 'b.py', ':testt')).toMatchObject({
        code: 'board/not-found',
        message: 'there is no folder testt on the board',
      });
      expect(await here.ok('ls')).toBe('test/\n');
    },
  },
  {
    number: 'bulletmark/mpr#2',
    situation: 'put -r driver, with each way to write the destination',
    check: async (here) => {
      await local(here, 'driver/generic/x.py', 'x = 1\n');
      for (const destination of [':', ':/', ':driver', ':/driver/']) {
        await here.ok('put', '-r', 'driver', destination);
        expect(await here.ok('ls', ':/driver/generic'), destination).toBe('x.py\n');
        await here.ok('rm', '-r', ':driver');
        if (destination.includes('driver')) continue;
        expect(await here.ok('ls')).toBe('');
      }
    },
  },
  {
    number: 'dhylands/rshell#33',
    situation: 'sync to a folder that is not on the board yet',
    check: async (here) => {
      await local(here, 'apps/web/index.html', '<p>');
      await here.ok('sync', 'apps', ':/flash/apps');
      expect(await here.ok('cat', ':/flash/apps/web/index.html')).toBe('<p>');
    },
  },
  {
    number: 'scientifichackers/ampy#55',
    situation: 'ls of a folder that has a file',
    check: async (here) => {
      await here.ok('mkdir', 'lib');
      await local(here, 'neopixel.mpy', 'M');
      await here.ok('put', 'neopixel.mpy', 'lib/neopixel.mpy');
      expect(await here.ok('ls', 'lib')).toBe('neopixel.mpy\n');
      expect(await here.ok('ls', 'lib')).toBe('neopixel.mpy\n');
    },
  },
  {
    number: 'scientifichackers/ampy#65',
    situation: 'ls of a folder with a slash at its end',
    check: async (here) => {
      await here.ok('mkdir', '-p', '/flash/new_dir');
      await local(here, 'myscript.py', '');
      await here.ok('put', 'myscript.py', '/flash/new_dir/myscript.py');
      expect(await here.ok('ls', '/flash/new_dir/')).toBe('myscript.py\n');
    },
  },
  {
    number: 'scientifichackers/ampy#60',
    situation: 'ls of a folder with and without a slash before it',
    check: async (here) => {
      await here.ok('mkdir', '-p', 'wwwroot/images');
      expect(await here.ok('ls', 'wwwroot')).toBe('images/\n');
      expect(await here.ok('ls', '/wwwroot')).toBe('images/\n');
    },
  },
  {
    number: 'scientifichackers/ampy#50',
    situation: 'a folder is made, a file and the folder are removed',
    check: async (here) => {
      await local(here, 'a.py', '');
      await here.ok('mkdir', 'test');
      await here.ok('put', 'a.py', ':test');
      await here.ok('rm', 'test/a.py');
      await here.ok('rmdir', 'test');
      expect(await here.ok('ls')).toBe('');
    },
  },
  {
    number: 'scientifichackers/ampy#21',
    situation: 'mkdir of a folder that is there is told in words, not with a traceback',
    check: async (here) => {
      await here.ok('mkdir', 'foo');
      const { exitCode, stderr } = await here.run('mkdir', 'foo');
      expect(exitCode).toBe(1);
      expect(stderr).toContain('foo is there already');
      expect(stderr).not.toContain('Traceback');
    },
  },
  {
    number: 'scientifichackers/ampy#12',
    situation: 'wildcards, to install what is in a folder',
    check: async (here) => {
      await local(here, 'lib/a.py', 'a\n');
      await local(here, 'lib/b.py', 'b\n');
      await local(here, 'lib/notes.txt', '');
      await here.ok('mkdir', 'testdir');
      await here.ok('put', 'lib/*.py', ':testdir');
      expect(await here.ok('ls', 'testdir')).toBe('a.py\nb.py\n');
    },
  },
  {
    number: 'dhylands/rshell#23',
    situation: 'cp, ls and rm take wildcards of the board',
    check: async (here) => {
      for (const name of ['a.log', 'b.log', 'main.py']) await local(here, name, `${name}\n`);
      await here.ok('put', 'a.log', 'b.log', 'main.py', ':');
      expect(await here.ok('ls', ':*.log')).toBe('a.log\nb.log\n');
      await mkdir(here.path('logs'));
      await here.ok('get', ':*.log', 'logs');
      await here.ok('rm', ':*.log');
      expect(await here.ok('ls')).toBe('main.py\n');
    },
  },
  {
    number: 'micropython/micropython#16845',
    situation: 'everything on the board is to go',
    check: async (here) => {
      await here.ok('mkdir', '-p', 'a/b');
      const { code } = await here.failure('rmdir', '/');
      expect(code).toMatch(/^(board|usage)\//);
      await here.ok('rm', '-r', '/');
      expect(await here.ok('ls', '/')).toBe('');
      await here.ok('mkdir', 'still-works');
    },
  },
  {
    number: 'micropython/micropython#16846',
    situation: 'rmdir of a folder with files: nothing in it is lost',
    check: async (here) => {
      await local(here, 'a.py', 'x = 1\n');
      await here.ok('mkdir', 'vendor');
      await here.ok('put', 'a.py', ':vendor');
      expect(await here.failure('rmdir', '/vendor')).toMatchObject({
        code: 'board/not-empty',
        hint: expect.stringContaining('upyw rm -r') as string,
      });
      expect(await here.ok('cat', 'vendor/a.py')).toBe('x = 1\n');
      await here.ok('rm', '-r', '/vendor');
      expect(await here.ok('ls')).toBe('');
    },
  },
  {
    number: 'micropython/micropython#13285',
    situation: 'the file system is not mounted: no list without names, and no exit code 0',
    check: async (here) => {
      await here.ok('exec', 'import os; os.umount("/")');
      try {
        expect(await here.failure('ls')).toMatchObject({ code: 'board/no-file-system', exitCode: 1 });
        await local(here, 'a.py', 'x = 1\n');
        expect(await here.failure('put', 'a.py')).toMatchObject({ code: 'board/no-file-system' });
      } finally {
        await here.ok('reset');
      }
      expect(await here.ok('ls')).toBe('');
    },
  },
];
