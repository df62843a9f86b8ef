import { describe, expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { checkGpio } from '../../../src/sim/pins/gpio.js';

describe('hints that can be followed', () => {
  it('a folder that is there already need not go', () => {
    const { hint } = new UpywError('board/exists', { path: 'lib' });
    expect(hint).toContain('upyw mkdir -p :lib');
    expect(hint).not.toContain('rm');
  });

  it('a folder that is missing is made, with those above it', () => {
    const { message, hint } = new UpywError('board/not-found', { path: 'a/b', asFolder: true });
    expect(message).toBe('there is no folder a/b on the board');
    expect(hint).toContain('upyw mkdir -p :a/b');
  });

  it('an ADC is shown one', () => {
    expect(() => checkGpio('5', 'analog')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('upyw sim adc 36 1800') as string }),
    );
    expect(checkGpio('36', 'analog')).toBe(36);
    expect(() => checkGpio('6')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('upyw sim pin 12 low') as string }),
    );
  });

  it('who uses a port is named once, or guessed', () => {
    const { message, hint } = new UpywError('port/busy', { port: 'sim:h', holder: '127.0.0.1:5' });
    expect([message, hint]).toEqual([
      'sim:h is in use by 127.0.0.1:5',
      'Wait until it is done, or close it, and try again',
    ]);
    expect(new UpywError('port/busy', { port: 'COM3' }).hint).toMatch(/^Close the program .*Thonny/);
  });

  it('an interrupt does not speak of a port that was never open', () => {
    expect(new UpywError('run/interrupted', {}).hint).toBe('No port is held; repeat the command when ready');
  });
});
