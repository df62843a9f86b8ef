import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stateFolder } from '../../../../src/sim/state/state-folder.js';

it.each([
  ['UPYW_SIM_DIR', { UPYW_SIM_DIR: '/boards' }, 'linux', '/boards'],
  ['XDG_STATE_HOME', { XDG_STATE_HOME: '/state' }, 'linux', join('/state', 'upyw', 'sim')],
  ['the home folder', {}, 'linux', join(homedir(), '.local', 'state', 'upyw', 'sim')],
  ['the library', {}, 'darwin', join(homedir(), 'Library', 'Application Support', 'upyw', 'sim')],
  ['the local profile', { LOCALAPPDATA: '/local' }, 'win32', join('/local', 'upyw', 'sim')],
] as const)('boards are kept by %s', (_what, env, platform, expected) => {
  expect(stateFolder(env, platform)).toBe(expected);
});
