/**
 * What a UART receives that listens at another rate: it takes a falling edge for a start bit, then looks at the line in the
 * middle of each of its own bits. A byte with a wrong stop bit is passed on all the same, as USB bridges and the ESP32 do.
 */
export function resample(bytes: Uint8Array, transmitRate: number, receiveRate: number): Uint8Array {
  const bits = lineBits(bytes);
  const step = transmitRate / receiveRate;
  const level = (time: number): number => bits[Math.floor(time)] ?? 1;
  const received: number[] = [];
  let time = 0;
  while (time < bits.length) {
    if (level(time) === 1) {
      time = Math.floor(time) + 1;
      continue;
    }
    if (level(time + step / 2) === 1) {
      time += step / 2;
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte |= level(time + (bit + 1.5) * step) << bit;
    received.push(byte);
    time += 9.5 * step;
    while (time < bits.length && level(time) === 0) time = Math.floor(time) + 1;
  }
  return Uint8Array.from(received);
}

/** The line's level for each bit: start 0, eight data bits from the lowest, stop 1. */
function lineBits(bytes: Uint8Array): number[] {
  const bits: number[] = [];
  for (const byte of bytes) {
    bits.push(0);
    for (let bit = 0; bit < 8; bit += 1) bits.push((byte >> bit) & 1);
    bits.push(1);
  }
  return bits;
}
