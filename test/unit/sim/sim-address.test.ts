import { describe, expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { defaultOptions, parseSimAddress } from '../../../src/sim/sim-address.js';

function codeOf(address: string): string {
  try {
    parseSimAddress(address);
  } catch (error) {
    if (error instanceof UpywError) return String(error.code);
    throw error;
  }
  return 'none';
}

describe('sim:[NAME][?options]', () => {
  it('stands for the default board without a name', () => {
    expect(parseSimAddress('sim:')).toEqual({ name: 'default', options: defaultOptions });
  });

  it('takes a name and options, percent-encoded', () => {
    const { name, options } = parseSimAddress('sim:desk%2D1?unpaced&latency=8&readonly');
    expect(name).toBe('desk-1');
    expect(options).toEqual({ ...defaultOptions, unpaced: true, latencyMs: 8, readOnly: true });
  });

  it('takes faults in a list', () => {
    expect(parseSimAddress('sim:?fault=no-auto-reset,noise%3A0.5').options.faults).toEqual({
      noAutoReset: true,
      noiseShare: 0.5,
    });
  });

  it.each(['sim:a/b', 'sim:..', 'sim:.hidden', 'sim:-x', 'sim:a.', 'sim:%zz', `sim:${'x'.repeat(65)}`])(
    'refuses the name in %s',
    (address) => {
      expect(codeOf(address)).toBe('sim/bad-name');
    },
  );

  it.each([
    'sim:?speed',
    'sim:?unpaced=yes',
    'sim:?latency',
    'sim:?latency=-1',
    'sim:?latency=x',
    'sim:?fault=x',
  ])('refuses the option in %s', (address) => {
    expect(codeOf(address)).toBe('sim/bad-option');
  });
});
