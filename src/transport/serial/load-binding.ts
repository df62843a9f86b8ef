/** Loads what opens serial ports, native code included. Throws what Node says where that does not run here. */
export async function loadBinding(): Promise<void> {
  await import('serialport');
}
