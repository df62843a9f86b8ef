import { expect, it } from 'vitest';
import { portFinding } from '../../../src/doctor/likely-holders.js';
import { UpywError } from '../../../src/errors.js';
import { recordedSystem } from '../../support/recorded-system.js';

/** As `tasklist /fo csv /nh` says it on a German Windows 11: images with their own capitals, figures with its own separators. */
const running = [
  '"System Idle Process","0","Services","0","8 K"',
  '"svchost.exe","1432","Services","0","14.512 K"',
  '"thonny.exe","8124","Console","1","98.344 K"',
  '"Code.exe","9440","Console","1","151.020 K"',
  '"Code.exe","9512","Console","1","64.200 K"',
  '"explorer.exe","5120","Console","1","120.004 K"',
].join('\r\n');

const busy = new UpywError('port/busy', { port: 'COM3' });

const patient = (said: string | undefined, platform: NodeJS.Platform = 'win32') => ({
  ...{ platform, env: {}, signal: new AbortController().signal, listPorts: () => Promise.resolve([]) },
  system: recordedSystem({ said: said === undefined ? {} : { 'tasklist /fo csv /nh': said } }),
});

it('Windows says what runs, and of that who opens ports is named with its process', async () => {
  const { id, level, text, next } = await portFinding(patient(running), busy);
  expect([id, level, text]).toEqual(['port/busy', 'red', 'COM3 is in use']);
  expect(next).toBe(
    'Of what runs here, this may have it open: Thonny (process 8124), VS Code (a serial monitor, or an extension for MicroPython) (process 9440). Close it, then run this again',
  );
});

it.each([
  ['nothing of that kind runs', patient('"explorer.exe","5120","Console","1","120,004 K"')],
  ['nobody answers', patient(undefined)],
  ['it is another system', patient(running, 'linux')],
])('%s: what the error says', async (_, computer) => {
  expect((await portFinding(computer, busy)).next).toBe(
    'Close the program that has it open (Thonny, a terminal, another upyw) and try again',
  );
});

it('another failure says what it says, but not to run what is running', async () => {
  const lost = new UpywError('port/lost', { port: 'COM3' });
  expect((await portFinding(patient(running), lost)).next).toBe(
    'Check the cable, plug the board in again and repeat the command.',
  );
  const silent = new UpywError('loader/silent', { port: 'COM3', waitedMs: 3000 });
  expect((await portFinding(patient(running), silent)).next).toContain('upyw doctor --speed');
});
