import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  findOwningGroup,
  findPortHolder,
  findTerminalUser,
} from '../../../src/transport/serial/port-holder.js';
import { describeWith } from '../../support/systems.js';

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'upyw-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A /proc with one process in it that has /dev/ttyUSB0 open. */
async function procWith(args: string[]): Promise<string> {
  const proc = await tempFolder();
  await mkdir(join(proc, '812', 'fd'), { recursive: true });
  await symlink('/dev/null', join(proc, '812', 'fd', '0'));
  await symlink('/dev/ttyUSB0', join(proc, '812', 'fd', '5'));
  await writeFile(join(proc, '812', 'cmdline'), args.map((arg) => `${arg}\0`).join(''));
  await mkdir(join(proc, '813', 'fd'), { recursive: true });
  await mkdir(join(proc, 'sys'));
  return proc;
}

describeWith('links for everybody', 'who holds a port', () => {
  it.each([
    [['/usr/sbin/ModemManager'], 'ModemManager (process 812)'],
    [['/usr/bin/python3.13', '/usr/bin/thonny'], 'thonny (process 812)'],
    [['python3', '-m', 'mpremote', 'repl'], 'mpremote (process 812)'],
    [['node', '--no-warnings', '/home/me/upyw/bin/upyw.js', 'repl'], 'upyw (process 812)'],
    [['python3'], 'python3 (process 812)'],
    [[], 'another program (process 812)'],
  ])('%j', async (args, holder) => {
    expect(await findPortHolder('/dev/ttyUSB0', await procWith(args))).toBe(holder);
  });

  it('nobody that may be seen', async () => {
    expect(await findPortHolder('/dev/ttyUSB1', await procWith(['screen']))).toBeUndefined();
    expect(await findPortHolder('/dev/ttyUSB0', '/no/such/folder')).toBeUndefined();
  });
});

describeWith('links for everybody', 'who holds a pseudo-terminal', () => {
  it('is its user, not who offers it', async () => {
    const proc = await tempFolder();
    const start = async (id: string, program: string, files: readonly string[]) => {
      await mkdir(join(proc, id, 'fd'), { recursive: true });
      await mkdir(join(proc, id, 'fdinfo'));
      await writeFile(join(proc, id, 'cmdline'), `${program}\0`);
      for (const [fd, path] of files.entries()) {
        await symlink(path, join(proc, id, 'fd', String(fd)));
        await writeFile(join(proc, id, 'fdinfo', String(fd)), `pos:\t0\ntty-index:\t${3 + fd}\n`);
      }
    };
    // Its masters are of /dev/pts/3 and /dev/pts/4.
    await start('100', 'upyw', ['/dev/ptmx', '/dev/pts/ptmx', '/dev/pts/4', '/dev/pts/9']);
    expect(await findTerminalUser('/dev/pts/4', proc)).toBeUndefined();
    expect(await findPortHolder('/dev/pts/4', proc)).toBe('upyw (process 100)');
    expect(await findPortHolder('/dev/pts/9', proc)).toBe('upyw (process 100)');
    await start('200', 'screen', ['/dev/pts/4']);
    expect(await findPortHolder('/dev/pts/4', proc)).toBe('screen (process 200)');
    expect(await findTerminalUser('/dev/pts/4', proc)).toBe('screen (process 200)');
  });
});

describeWith('file modes', 'the group that owns a port', () => {
  it('is named', async () => {
    const folder = await tempFolder();
    const { gid } = await stat(folder);
    const groupFile = join(folder, 'group');
    await writeFile(groupFile, `root:x:0:\nother:x:${gid + 1}:me\nuucp:x:${gid}:\n`);
    expect(await findOwningGroup(folder, groupFile)).toBe(gid === 0 ? undefined : 'uucp');
    expect(await findOwningGroup('/no/such/port', groupFile)).toBeUndefined();
  });
});
