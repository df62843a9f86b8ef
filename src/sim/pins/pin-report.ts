/** A pin as it is now, seen from outside. */
export interface PinReport {
  readonly gpio: number;
  /** What the program uses it as. */
  readonly mode: 'unused' | 'input' | 'output' | 'open-drain' | 'analog' | 'pwm' | 'dac';
  readonly pull?: 'up' | 'down';
  /** What it is. */
  readonly level: 'low' | 'high';
  /** The voltage that is connected to it from outside, in millivolts. */
  readonly connectedMv?: number;
  readonly pwm?: { readonly frequencyHz: number; readonly dutyPercent: number };
  /** The voltage that the program gives out by its DAC. */
  readonly dacMv?: number;
}
