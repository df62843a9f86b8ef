import type { ResetReason } from '../../guest.js';
import type { Silicon } from '../identity.js';

/** Where the strapping pins send the chip: IO0 high to the flash, IO0 low to the loader. */
export type BootMode = 'run' | 'download';

/** As the mask ROM prints them; a reset by the EN pin counts as power-on. */
const resetCodes: Readonly<Record<ResetReason, string>> = {
  'power-on': '0x1 (POWERON_RESET)',
  external: '0x1 (POWERON_RESET)',
  software: '0xc (SW_CPU_RESET)',
  watchdog: '0x10 (RTCWDT_RTC_RESET)',
  'deep-sleep': '0x5 (DEEPSLEEP_RESET)',
};

const bootModes: Readonly<Record<BootMode, string>> = {
  run: '0x13 (SPI_FAST_FLASH_BOOT)',
  download: '0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))',
};

/** When the ROM was built. */
const romDates: Readonly<Record<Silicon, string>> = {
  v1: 'Jun  8 2016 00:22:57',
  v3: 'Jul 29 2019 12:21:46',
};

/** The first lines after every reset, at 115200 baud. */
export function romBanner(silicon: Silicon, reason: ResetReason, mode: BootMode): string {
  return `ets ${romDates[silicon]}\r\n\r\nrst:${resetCodes[reason]},boot:${bootModes[mode]}\r\n`;
}

/** The ROM's rate after every reset. */
export const romBaudRate = 115_200;
