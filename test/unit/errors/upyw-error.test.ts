import { expect, it } from 'vitest';
import { UpywError as OfThePackage } from 'upyw';
import { UpywError, isConnectionError, isOfFamily, isRetryable, isUpywError } from '../../../src/errors.js';
import { failure } from '../../../src/json.js';
import { describeFailure } from '../../../src/ui/failure.js';

it('an error of another copy of upyw counts as one, any other error does not', () => {
  expect(OfThePackage).not.toBe(UpywError);
  const error: unknown = new OfThePackage('run/restarted', {});
  expect(error instanceof UpywError && isUpywError(error, 'run/restarted')).toBe(true);
  expect(new Error('run/restarted') instanceof UpywError).toBe(false);
});

const silent = new UpywError('port/silent', { port: 'COM3', waitedMs: 1000 });
const lost = new UpywError('port/lost', { port: 'COM3' });

it('is one of several codes, or of an area', () => {
  expect(isUpywError(silent, 'port/lost', 'port/silent')).toBe(true);
  expect(isUpywError(silent, 'port/lost', 'port/busy')).toBe(false);
  expect(isOfFamily(silent, 'port')).toBe(true);
  expect(isOfFamily(silent, 'rawrepl')).toBe(false);
  expect(isOfFamily(new Error('port/silent'), 'port')).toBe(false);
});

it('may go well the next time where the line or a restart was to blame, and nothing has to be changed', () => {
  expect(isRetryable(silent)).toBe(true);
  expect(isRetryable(new UpywError('run/restarted', {}))).toBe(true);
  expect(isRetryable(lost)).toBe(false);
  expect(isRetryable(new Error('lost'))).toBe(false);
  expect(describeFailure(silent, { verbose: false })).toMatchObject({ retryable: true });
  expect(describeFailure(lost, { verbose: false })).not.toHaveProperty('retryable');
  const caused = new UpywError('port/silent', silent.details, { cause: new Error('why') });
  for (const error of [silent, lost, caused])
    expect(() =>
      failure.parse({ ok: false, error: describeFailure(error, { verbose: true }) }),
    ).not.toThrow();
});

it('may say that no board is there', () => {
  expect([silent, lost].map(isConnectionError)).toEqual([true, true]);
  expect(isConnectionError(new UpywError('file/not-found', { path: 'a' }))).toBe(false);
});
