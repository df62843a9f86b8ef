import { describe, expect, it } from 'vitest';
import { BreakIn } from '../../../../src/sim/micropython/break-in.js';

function watched(): { breakIn: BreakIn; seen: () => number } {
  const breakIn = new BreakIn();
  let count = 0;
  breakIn.onBreakIn = () => void (count += 1);
  return { breakIn, seen: () => count };
}

describe('breaking into the VM', () => {
  it('is heard at once between two steps of the VM', () => {
    const { breakIn, seen } = watched();
    breakIn.runVm(() => {
      breakIn.breakIn();
      expect(seen()).toBe(1);
    });
  });

  it('in the middle of what the VM asked for waits until the VM goes on', () => {
    const { breakIn, seen } = watched();
    breakIn.runVm(() => {
      breakIn.serveVm(() => {
        breakIn.breakIn();
        breakIn.breakIn();
        expect(seen()).toBe(0);
      });
      expect(seen()).toBe(1);
    });
    expect(seen()).toBe(1);
  });

  it('is heard in Python that runs within a call of the VM', () => {
    const { breakIn, seen } = watched();
    breakIn.runVm(() => {
      breakIn.serveVm(() => {
        breakIn.runVm(() => {
          breakIn.breakIn();
        });
        expect(seen()).toBe(1);
      });
    });
  });

  it('while no Python runs waits until some does', () => {
    const { breakIn, seen } = watched();
    breakIn.breakIn();
    expect(seen()).toBe(0);
    breakIn.runVm(() => undefined);
    expect(seen()).toBe(1);
  });

  it('goes on after what was asked for has failed', () => {
    const { breakIn, seen } = watched();
    const fail = (): never => {
      breakIn.breakIn();
      throw new Error('failed');
    };
    expect(() => breakIn.runVm(() => breakIn.serveVm(fail))).toThrow('failed');
    expect(seen()).toBe(1);
  });
});
