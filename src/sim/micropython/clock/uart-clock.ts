export interface UartRegisters {
  readonly divider: number;
  readonly configuration: number;
}

/** UART0's clock as MicroPython leaves it: REF_TICK by a divider of 8.625 (registers read 0x00a00008, 0x0400001c). */
export const uartResetState: UartRegisters = { divider: 0x00a0_0008, configuration: 0x0400_001c };

const apbHz = 80_000_000;
const refTickHz = 1_000_000;
/** The receiver needs a few ticks of its clock for each bit: by REF_TICK nothing beyond 500 kbaud can be had. */
const refTickMinDivider = 2;
/** UART_TICK_REF_ALWAYS_ON in UART_CONF0: set for APB, clear for REF_TICK. */
const useApb = 1 << 27;

/**
 * Bits per second that the registers stand for (ESP32 Technical Reference Manual, UART_CLKDIV_REG: integer part in bits 0–19,
 * sixteenths in bits 20–23). Undefined where the divider is none.
 */
export function consoleBaudRate({ divider, configuration }: UartRegisters): number | undefined {
  const value = (divider & 0xfffff) + ((divider >>> 20) & 0xf) / 16;
  if (value < 1) return undefined;
  if ((configuration & useApb) !== 0) return Math.round(apbHz / value);
  return Math.round(refTickHz / Math.max(value, refTickMinDivider));
}
