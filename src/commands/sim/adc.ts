import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { describePin } from './describe-pin.js';
import { namedBoard } from './named-board.js';

/** `upyw sim adc GPIO [MV|release]`: puts a voltage on an analog input of a virtual board that is being served. */
export async function simAdc(context: Context, gpio: string, voltage: string | undefined): Promise<void> {
  const [{ checkGpio, parseMillivolts }, { highMv }, { askPins }, name] = await Promise.all([
    import('../../sim/pins/gpio.js'),
    import('../../sim/pins/gpio-numbers.js'),
    import('../../sim/serve/ask-pins.js'),
    namedBoard(context),
  ]);
  const { reporter, flags } = context;
  const number = checkGpio(gpio, 'analog');
  const connect = voltage === 'release' ? null : voltage === undefined ? undefined : parseMillivolts(voltage);
  if (voltage !== undefined && connect === undefined) {
    const expected = `millivolts from 0 to ${highMv}, or release`;
    throw new UpywError('usage/bad-value', { name: 'the voltage', value: voltage, expected });
  }
  if (flags.dryRun && connect !== undefined) {
    reporter.result({ name, dryRun: true }, `would set GPIO${number}: ${voltage ?? ''}`);
    return;
  }
  const [pin] = await askPins(name, { gpios: [number], ...(connect !== undefined && { connect }) });
  if (pin !== undefined) reporter.result({ name, ...pin }, describePin(pin));
}
