import { UpywError } from '../../errors.js';
import { gpioCount, highMv } from './gpio-numbers.js';

/** These have an analog input: ADC1, then ADC2 (ports/esp32/machine_adc.c). */
const analogGpios = [36, 37, 38, 39, 32, 33, 34, 35, 4, 0, 2, 15, 13, 12, 14, 27, 25, 26];
const missingGpios = [20, 24, 28, 29, 30, 31];
const isFlashGpio = (gpio: number): boolean => gpio >= 6 && gpio <= 11;
const lastUartGpio = 3;

/**
 * The GPIO that is meant, if something can be connected to it.
 * @throws UpywError `sim/bad-pin`
 */
export function checkGpio(text: string, use: 'digital' | 'analog' = 'digital'): number {
  const gpio = /^(?:gpio)?(\d{1,3})$/i.exec(text.trim())?.[1];
  const problem = gpio === undefined ? 'a GPIO is a number from 0 to 39' : gpioProblem(Number(gpio), use);
  if (problem !== undefined) {
    throw new UpywError('sim/bad-pin', { pin: text, reason: problem, isAnalog: use === 'analog' });
  }
  return Number(gpio);
}

function gpioProblem(gpio: number, use: 'digital' | 'analog'): string | undefined {
  if (gpio >= gpioCount || missingGpios.includes(gpio)) return 'the ESP32 has no such GPIO';
  if (isFlashGpio(gpio)) return 'GPIO6 to GPIO11 belong to the flash chip';
  if (gpio === 1 || gpio === lastUartGpio)
    return 'GPIO1 and GPIO3 are the serial port, which is connected already';
  if (use === 'analog' && !analogGpios.includes(gpio)) return 'this GPIO has no analog input (ADC)';
  return undefined;
}

/** The GPIOs that {@link checkGpio} lets pass. */
export const usableGpios: readonly number[] = Array.from({ length: gpioCount }, (_, gpio) => gpio).filter(
  (gpio) => gpioProblem(gpio, 'digital') === undefined,
);

/** Millivolts of `low` and `high`, null for `release`, undefined for anything else. */
export function parsePinLevel(text: string): number | null | undefined {
  return new Map<string, number | null>([
    ['low', 0],
    ['0', 0],
    ['high', highMv],
    ['1', highMv],
    ['release', null],
  ]).get(text.toLowerCase());
}

/** `1800`, `1800mV`: a voltage that a pin can bear; undefined for anything else. */
export function parseMillivolts(text: string): number | undefined {
  const mv = Number(/^(\d{1,5})(?:mv)?$/i.exec(text.trim())?.[1] ?? NaN);
  return mv <= highMv ? mv : undefined;
}
