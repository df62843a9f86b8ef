/** UART0's clock divider and the register with its clock choice (ESP32 Technical Reference Manual, chapter UART). */
export interface UartRegisters {
  readonly divider: number;
  readonly control: number;
}

const apbHz = 80_000_000;
const refTickHz = 1_000_000;
/** UART_TICK_REF_ALWAYS_ON: set for the APB clock, clear for REF_TICK. */
const apbBit = 0x0800_0000;

/** The divider's register for a rate by the APB clock: whole part in bits 0–19, sixteenths in bits 20–23. */
export function apbDivider(baudRate: number): number {
  return dividerFor(apbHz, baudRate);
}

/** How MicroPython itself sets a rate that a console usually has, given what else the control register holds. */
export function usualRegisters(baudRate: number, control: number): UartRegisters {
  return { divider: dividerFor(refTickHz, baudRate), control: (control & ~apbBit) >>> 0 };
}

/** The rate that these registers make, while the CPU runs at 80 MHz or more: below, the APB clock is the CPU's. */
export function baudRateOf({ divider, control }: UartRegisters): number {
  const clockHz = (control & apbBit) === 0 ? refTickHz : apbHz;
  return (clockHz * 16) / ((divider & 0xfffff) * 16 + ((divider >>> 20) & 15));
}

function dividerFor(clockHz: number, baudRate: number): number {
  const sixteenths = Math.round((clockHz * 16) / baudRate);
  return (sixteenths >> 4) | ((sixteenths & 15) << 20);
}
