import { expect, it } from 'vitest';
import { complete } from '../../../src/complete.js';
import { wantedAt } from '../../../src/completion/candidates.js';
import { scripts } from '../../../src/completion/scripts.js';
import { completionTree } from '../../../src/completion/tree.js';
import { allCommands } from '../../support/all-commands.js';

const tree = completionTree();

/** What the last word of a line may become; a line that ends in a space has an empty one. */
const wanted = (line: string) => wantedAt(tree, line.split(' '));
const words = (line: string) => {
  const found = wanted(line);
  return found.kind === 'words' ? found.candidates.map(({ value }) => value) : found;
};

it('has every command with its options, as the help has them', () => {
  for (const [name, { options = [] }] of allCommands) {
    const parent = name.split(' ').slice(0, -1);
    expect(words([...parent, ''].join(' '))).toContain(name.split(' ').at(-1));
    if (options.length === 0) continue;
    const flags = words(`${name} -`);
    for (const option of options) {
      expect(flags).toContain(/--[\w-]+/.exec(option.flags)?.[0] ?? option.flags.split(' ')[0]);
    }
  }
});

it.each([
  ['-p ', { kind: 'ports' }],
  ['ls --port ', { kind: 'ports' }],
  ['ls ', { kind: 'board', port: undefined, bare: true }],
  ['-p u0 ls ', { kind: 'board', port: 'u0', bare: true }],
  ['put main.py :', { kind: 'board', port: undefined, bare: false }],
  ['put ', { kind: 'files' }],
  ['flash ', { kind: 'files' }],
  ['flash --with ', { kind: 'files' }],
  ['get a ', { kind: 'files' }],
  ['--baud ', { kind: 'nothing' }],
  ['exec ', { kind: 'nothing' }],
  ['run a.py -- ', { kind: 'files' }],
])('%j wants %j', (line, what) => {
  expect(wanted(line)).toEqual(what);
});

it('answers a shell in lines, in bash without what stands before the last colon', async () => {
  expect(await complete(['zsh', 'firmw'])).toMatch(/^firmware\t[^\n]+\n$/);
  expect(await complete(['powershell', 'firmware', '=pr'])).toMatch(/^prune\t/);
  expect(await complete(['powershell', '='])).toContain('\nput\t');
  expect(await complete(['bash', '-p', 'sim:'])).toContain('\ta virtual board');
  expect((await complete(['bash', '-p', 'sim:'])).startsWith('\t')).toBe(true);
  expect(await complete(['bash', 'put', 'x'])).toBe(':files\n');
  expect(await complete(['bash', 'no-such-command', 'x'])).toBe('');
  expect(await complete([])).toContain('ls\t');
});

it('has a script for each shell that asks it', () => {
  for (const [shell, script] of Object.entries(scripts)) expect(script).toContain(`upyw __complete ${shell}`);
});
