import { expect, test } from 'vitest';
import { takePlace } from '../../../src/local/take-place.js';

/** A file system that refuses with `code`, so many times. */
function holding(platform: NodeJS.Platform, code: string, times: number) {
  const calls: string[] = [];
  const rename = (from: unknown, to: unknown) => {
    calls.push(`${String(from)} ${String(to)}`);
    return calls.length > times
      ? Promise.resolve()
      : Promise.reject(Object.assign(new Error(`${code}: operation not permitted`), { code }));
  };
  return { calls, system: { platform, rename } };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'what a virus scanner holds for a moment on Windows (%s) is replaced',
  async (code) => {
    const { calls, system } = holding('win32', code, 3);
    await takePlace('new', 'old', system);
    expect(calls).toEqual(Array(4).fill('new old'));
  },
);

test('what another program keeps open is told as that', async () => {
  const { system } = holding('win32', 'EPERM', Infinity);
  await expect(takePlace('new', 'old', system)).rejects.toMatchObject({
    code: 'file/failed',
    message: expect.stringContaining('another program has it open') as string,
  });
});

test.each([
  ['linux', 'EPERM'],
  ['win32', 'ENOENT'],
] as const)('on %s %s is what it says, at once', async (platform, code) => {
  const { calls, system } = holding(platform, code, Infinity);
  await expect(takePlace('new', 'old', system)).rejects.toMatchObject({ code });
  expect(calls).toHaveLength(1);
});
