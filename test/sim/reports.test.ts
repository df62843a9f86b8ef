import { readdir, rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chip } from '../support/reports/chip.js';
import { copying } from '../support/reports/copying.js';
import { folders } from '../support/reports/folders.js';
import { running } from '../support/reports/running.js';
import { Workplace } from '../support/virtual-board.js';

const reports = [...copying, ...folders, ...running, ...chip];

/** Public reports of faults in other tools: what they tell of, upyw does right. */
describe('reports about other tools', { timeout: 60_000 }, () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: true, inTest: true });
  });
  afterAll(() => here.close());

  beforeEach(async () => {
    await here.ok('rm', '-r', '/');
    for (const name of await readdir(here.folder)) {
      if (name !== '.boards') await rm(here.path(name), { recursive: true });
    }
  });

  test.each(reports)('$number: $situation', ({ check }) => check(here));

  test('are each of another number', () => {
    expect(new Set(reports.map(({ number }) => number)).size).toBe(reports.length);
  });
});
