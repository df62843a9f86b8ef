/** The modem lines as the host sets them; `true` is asserted (the pin is low). */
export interface Lines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/**
 * The two-transistor circuit of ESP32 boards (ESP32-DevKitC schematic): RTS alone pulls EN low and holds the chip in reset,
 * DTR alone pulls IO0 low; both together do nothing.
 */
export function chipPins({ dtr, rts }: Lines): { readonly enabled: boolean; readonly io0High: boolean } {
  return { enabled: !(rts && !dtr), io0High: !(dtr && !rts) };
}
