import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The files of the bundle that are read before one of them runs. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(new URL(`../../dist/${file}`, import.meta.url), 'utf8');
  for (const [, next = ''] of code.matchAll(/(?:^|;)(?:import|export)\b[^"();]*"\.\/([^"]+)"/gm))
    loadedWith(next, seen);
  return seen;
}

test('what --help loads is small: all that a command needs comes with the command', () => {
  expect([...loadedWith('main.js')].sort()).toEqual(['main.js', 'start.js']);
  expect([...loadedWith('program.js')].sort()).toEqual(['program.js']);
  expect([...loadedWith('worker.js')]).not.toContain('way-to-virtual.js');
});

test('a board that another process keeps on is talked to without loading one', () => {
  expect([...loadedWith('way-to-virtual.js')].filter((name) => name.startsWith('virtual-board'))).toEqual([]);
});
