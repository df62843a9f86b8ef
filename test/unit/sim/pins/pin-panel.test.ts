import { describe, expect, it } from 'vitest';
import { PinMode, PinPanel, Pull } from '../../../../src/sim/pins/pin-panel.js';

function newPanel(): PinPanel {
  const panel = new PinPanel();
  panel.resetProgram();
  return panel;
}

describe('the pins', () => {
  it('are what is connected to an input, else what its resistor makes it', () => {
    const panel = newPanel();
    panel.configure(13, { mode: PinMode.input, pull: Pull.up });
    const levels = [undefined, 0, 1600, 1700, 3300].map((mv) => {
      panel.connect(13, mv);
      return panel.level(13);
    });
    expect(levels).toEqual([1, 0, 0, 1, 1]);
    panel.connect(13, undefined);
    panel.configure(13, { pull: Pull.down });
    expect(panel.level(13)).toBe(0);
  });

  it('are as the program drives them, whatever is connected', () => {
    const panel = newPanel();
    panel.connect(13, 3300);
    panel.configure(13, { mode: PinMode.output, latch: 0 });
    expect(panel.report(13)).toEqual({ gpio: 13, mode: 'output', level: 'low', connectedMv: 3300 });
    panel.configure(13, { mode: PinMode.openDrain, latch: 1 });
    expect(panel.level(13)).toBe(1);
    panel.connect(13, 0);
    expect(panel.level(13)).toBe(0);
    panel.configure(13, { mode: PinMode.pwm, pwmHz: 1000, pwmDuty: 16_384 });
    expect(panel.report(13)).toMatchObject({ mode: 'pwm', pwm: { frequencyHz: 1000, dutyPercent: 25 } });
  });

  it('begin as the chip and its board have them: strapping pins pulled, no resistors at GPIO34 and up', () => {
    const panel = newPanel();
    const high = Array.from({ length: 40 }, (_, gpio) => gpio).filter((gpio) => panel.level(gpio) === 1);
    expect(high).toEqual([0, 1, 3, 5, 15]);
    panel.configure(34, { mode: PinMode.input, pull: Pull.up });
    expect(panel.level(34)).toBe(0);
    panel.configure(2, { mode: PinMode.output, latch: 1 });
    panel.connect(4, 3300);
    panel.resetProgram();
    expect(panel.report(2)).toEqual({ gpio: 2, mode: 'unused', pull: 'down', level: 'low' });
    expect(panel.connectedMv(4), 'what is connected stays connected over a reset').toBe(3300);
  });

  it('pass every change on, in order, to the other side of the memory', () => {
    const panel = newPanel();
    const program = new PinPanel(panel.memory);
    for (let gpio = 0; gpio < 40; gpio += 1) {
      panel.connect(gpio, gpio * 80);
      panel.connect(gpio, undefined);
      expect(program.takeChanges()).toEqual([
        { gpio, connectedMv: gpio * 80 },
        { gpio, connectedMv: undefined },
      ]);
      expect(panel.hasChanges).toBe(false);
    }
    for (let count = 0; count < 100; count += 1) panel.connect(5, count);
    const changes = program.takeChanges();
    expect(changes.map(({ connectedMv }) => connectedMv)).toEqual(Array.from({ length: 64 }, (_, at) => at));
    expect(program.connectedMv(5)).toBe(99);
  });
});
