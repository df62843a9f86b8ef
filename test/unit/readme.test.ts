import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { keys } from '../../src/config/keys.js';
import { errorCodes } from '../../src/errors.js';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it.each(errorCodes)('explains %s', (code) => {
    expect(readme).toContain(`\`${code}\``);
  });

  it.each(Object.keys(keys))('lists the setting %s', (key) => {
    expect(readme).toContain(`\`${key}\``);
  });
});
