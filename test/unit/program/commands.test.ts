import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/config/keys.js';
import { portSettings } from '../../../src/program/settings.js';
import { commandGroups, parseCommandLine } from '../../../src/program.js';
import { allCommands } from '../../support/all-commands.js';
import { runInWorld } from '../../support/memory-world.js';
import { commandsPage } from '../../support/commands-page.js';
import { shellWords } from '../../support/shell-words.js';

/** What is told of the commands, for all of them. */

describe.each(allCommands)('upyw %s', (name, definition) => {
  it('has an example that is a command line', () => {
    const page = { print: () => undefined, columns: 100 };
    expect(definition.examples.length).toBeGreaterThan(0);
    for (const { line } of definition.examples) {
      const [program, ...words] = shellWords(line);
      const parsed = parseCommandLine(words, page);
      expect([line, program, parsed.kind]).toEqual([line, 'upyw', 'command']);
    }
  });

  it('has a help that shows its flags', async () => {
    const { exitCode, stdout } = await runInWorld([...name.split(' '), '--help']);
    expect(exitCode).toBe(0);
    for (const { flags } of definition.options ?? []) expect(stdout).toContain(flags);
    for (const flag of definition.flags) expect(stdout).toContain(flag);
    for (const { line } of definition.examples) expect(stdout).toContain(line);
  });

  it('tells a flag that it does not have', async () => {
    const { exitCode, stderr } = await runInWorld([...name.split(' '), '--no-such-flag']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('usage/arguments')]);
  });
});

it('each setting is read by a command that says so, and no other is named', () => {
  const named = new Set<string>([
    ...portSettings,
    ...allCommands.flatMap(([, { settings = [] }]) => settings),
  ]);
  expect([...named].sort()).toEqual(Object.keys(keys).sort());
});

it('docs/commands.md has them all, as they are (npm run docs writes it)', async () => {
  const file = fileURLToPath(new URL('../../../docs/commands.md', import.meta.url));
  const page = await format(commandsPage(commandGroups), {
    ...(await resolveConfig(file)),
    parser: 'markdown',
  });
  await expect(page).toMatchFileSnapshot(file);
});
