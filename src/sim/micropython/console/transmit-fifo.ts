/** Of the ESP32's UART. */
const fifoBytes = 128;
/** FreeRTOS counts in these on the ESP32 (CONFIG_FREERTOS_HZ). */
const tickMs = 10;
const bitsPerByte = 10;
/** Of a byte, for what arithmetic rounds. */
const tolerance = 1e-6;

/**
 * UART0's transmit FIFO as a program on the ESP32 meets it: bytes leave it at the line's rate, and a write that finds it full sleeps until the next
 * tick of the operating system, however soon there is room (`uart_stdout_tx_strn` in ports/esp32/uart.c, from MicroPython 1.20 on).
 * It counts by the clock, not by what the other thread has got round to send: that one may be late.
 */
export class TransmitFifo {
  /** When the last byte will have left. */
  #emptyAtMs = 0;
  #byteMs: number;

  constructor(baudRate: number) {
    this.#byteMs = (bitsPerByte * 1000) / baudRate;
  }

  /** From now on; what is in the FIFO leaves at the new rate too. */
  setBaudRate(baudRate: number, nowMs: number): void {
    const byteMs = (bitsPerByte * 1000) / baudRate;
    this.#emptyAtMs = nowMs + (Math.max(0, this.#emptyAtMs - nowMs) / this.#byteMs) * byteMs;
    this.#byteMs = byteMs;
  }

  /** Puts in up to so many bytes; returns how many there was room for. */
  put(count: number, nowMs: number): number {
    const heldBytes = Math.ceil(Math.max(0, this.#emptyAtMs - nowMs) / this.#byteMs - tolerance);
    const taken = Math.min(count, Math.max(0, fifoBytes - heldBytes));
    this.#emptyAtMs = Math.max(this.#emptyAtMs, nowMs) + taken * this.#byteMs;
    return taken;
  }

  /** How long a write that found it full sleeps. */
  static waitMs(nowMs: number): number {
    return tickMs - (nowMs % tickMs);
  }
}
