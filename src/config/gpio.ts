/** What a pin is to do on the board. */
export type PinRole = 'led' | 'button' | 'adc';

/**
 * The GPIOs of the ESP32 that a board can bring out (ESP32 datasheet, "Pin Description"): 6 to 11 carry its flash, 20, 24
 * and 28 to 31 do not exist.
 */
const usable = new Set([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27]);
const inputOnly = new Set([34, 35, 36, 37, 38, 39]);
const withAdc1 = new Set([32, 33, 34, 35, 36, 37, 38, 39]);
const withAdc2 = new Set([0, 2, 4, 12, 13, 14, 15, 25, 26, 27]);

const allowed: Readonly<Record<PinRole, string>> = {
  led: '0–5, 12–19, 21–23, 25–27, 32, 33',
  button: '0–5, 12–19, 21–23, 25–27, 32, 33',
  adc: '32–39, or without Wi-Fi 0, 2, 4, 12–15, 25–27',
};

/** What a pin should be, for messages. */
export function describePin(role: PinRole): string {
  return `the number of a GPIO: ${allowed[role]}`;
}

/** Why a pin cannot do this on an ESP32; undefined when it can. */
export function pinMistake(pin: number, role: PinRole): string | undefined {
  const reason = whyNot(pin, role);
  return reason === undefined ? undefined : `${reason}. Choose one of ${allowed[role]}`;
}

function whyNot(pin: number, role: PinRole): string | undefined {
  if (Number.isInteger(pin) && pin >= 6 && pin <= 11) {
    return `GPIO${pin} carries the flash chip, as all from 6 to 11 do`;
  }
  if (!usable.has(pin) && !withAdc1.has(pin)) return `the ESP32 has no GPIO${pin}`;
  if (role === 'adc') {
    return withAdc1.has(pin) || withAdc2.has(pin) ? undefined : `GPIO${pin} has no analog input`;
  }
  if (!inputOnly.has(pin)) return undefined;
  return role === 'led'
    ? `GPIO${pin} is an input only, as all from 34 on are: it cannot drive an LED`
    : `GPIO${pin} has no pull-up, as all from 34 on: a button needs one`;
}

/** Whether the pin's analog input does not read while Wi-Fi is on: Wi-Fi uses the same converter, ADC2. */
export function needsWifiOff(pin: number): boolean {
  return withAdc2.has(pin);
}

/** What else the pin does on a board, for a warning. */
export function otherDuty(pin: number): string | undefined {
  return pin === 1 || pin === 3 ? 'the serial line to this computer' : undefined;
}
