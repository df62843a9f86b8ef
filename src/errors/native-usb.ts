/** What helps where the USB of the chip itself (ESP32-S3, C3) may have died from a reset by its lines. */
export const revive =
  'The USB of the chip itself may have died from a reset by its lines. Tap EN (RST), or unplug the board and plug it in again';
