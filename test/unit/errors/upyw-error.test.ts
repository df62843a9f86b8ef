import { expect, it } from 'vitest';
import { UpywError as OfThePackage } from 'upyw';
import { UpywError, isUpywError } from '../../../src/errors.js';

it('an error of another copy of upyw counts as one, any other error does not', () => {
  expect(OfThePackage).not.toBe(UpywError);
  const error: unknown = new OfThePackage('run/restarted', {});
  expect(error instanceof UpywError && isUpywError(error, 'run/restarted')).toBe(true);
  expect(new Error('run/restarted') instanceof UpywError).toBe(false);
});
