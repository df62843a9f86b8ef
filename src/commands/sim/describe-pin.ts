import type { PinReport } from '../../sim/pins/pin-report.js';

/** `GPIO12: input with pull-up, low; 0 mV connected`. */
export function describePin(pin: PinReport): string {
  const parts = [describeUse(pin)];
  if (pin.connectedMv !== undefined) {
    parts.push(
      `${pin.connectedMv} mV connected${isFought(pin) ? ' (the program drives it: a short circuit)' : ''}`,
    );
  }
  return `GPIO${pin.gpio}: ${parts.join('; ')}`;
}

function describeUse({ mode, pull, level, pwm, dacMv }: PinReport): string {
  const pulled = pull === undefined ? '' : ` with pull-${pull}`;
  switch (mode) {
    case 'unused':
      return `not used by the program, ${level}`;
    case 'input':
      return `input${pulled}, ${level}`;
    case 'output':
      return `output, ${level}`;
    case 'open-drain':
      return `open drain${pulled}, ${level}`;
    case 'analog':
      return 'analog input';
    case 'pwm':
      return `PWM, ${pwm?.frequencyHz ?? 0} Hz, ${pwm?.dutyPercent ?? 0} % high`;
    case 'dac':
      return `analog output, ${dacMv ?? 0} mV`;
  }
}

/** Whether the program and what is connected pull in two directions. */
function isFought({ mode, level, connectedMv = 0 }: PinReport): boolean {
  return mode === 'output' && (level === 'high' ? connectedMv < 3300 : connectedMv > 0);
}
