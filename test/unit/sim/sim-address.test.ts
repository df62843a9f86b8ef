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

  it('takes memory in kilobytes, and a seed beside the faults in any order', () => {
    expect(parseSimAddress('sim:?ram=64').options.ramBytes).toBe(65_536);
    for (const list of ['seed=7&fault=noise', 'fault=noise&seed=7']) {
      expect(parseSimAddress(`sim:?${list}`).options.faults).toEqual({ seed: 7, noiseShare: 0.001 });
    }
  });

  it('takes faults in a list', () => {
    expect(parseSimAddress('sim:?fault=no-auto-reset,noise%3A0.5').options.faults).toEqual({
      noAutoReset: true,
      noiseShare: 0.5,
    });
  });

  it('takes the revision of the chip', () => {
    expect(parseSimAddress('sim:?chip=v3').options.silicon).toBe('v3');
    for (const wrong of ['sim:?chip', 'sim:?chip=v2']) expect(codeOf(wrong)).toBe('sim/bad-option');
  });

  it('takes Wi-Fi networks one by one, with names and passwords of any characters', () => {
    const address = 'sim:?wifi=home:pass%20word&wifi=caf%C3%A9&wifi=open:&wifi=a%3Ab:%26%3D%3F:%25%2B123';
    expect(parseSimAddress(address).options.accessPoints).toEqual([
      { ssid: 'home', password: 'pass word' },
      { ssid: 'café' },
      { ssid: 'open' },
      { ssid: 'a:b', password: '&=?:%+123' },
    ]);
  });

  it('takes what is connected to pins', () => {
    expect(parseSimAddress('sim:?pin12=low&adc36=1800&pin13=high').options.connectedMv).toEqual({
      12: 0,
      13: 3300,
      36: 1800,
    });
    expect(codeOf('sim:?pin6=low')).toBe('sim/bad-pin');
  });

  it.each(['sim:?wifi=home:secret', 'sim:?wifi=home:bad%zzsecret', `sim:?wifi=${'x'.repeat(33)}:secret-123`])(
    'keeps the password of %s out of what it says',
    (address) => {
      expect(() => parseSimAddress(address)).toThrow(/^(?!.*secret).*:\*\*\*/);
    },
  );

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
    'sim:?ram=1',
    'sim:?seed=',
    'sim:?wifi',
    'sim:?pin12',
    'sim:?pin12=release',
    'sim:?adc36=1.8',
    'sim:?wifi=:secret-123',
  ])('refuses the option in %s', (address) => {
    expect(codeOf(address)).toBe('sim/bad-option');
  });
});
