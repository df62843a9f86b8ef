import type { Guest, GuestStarter } from '../guest.js';
import type { CrashCause } from './faults.js';
import type { Silicon } from './identity.js';
import { romBanner, romBaudRate } from './loader/rom-banner.js';

/** From the reset to the crash: ROM, bootloader, and MicroPython's first steps. */
const startsForMs = 700;
/** The panic handler prints, and waits until that has left. */
const endsForMs = 200;

/** What a chip says before it resets itself (ESP-IDF: `panic.c`, `brownout.c`); a call of `esp_restart` says nothing. */
const lastWords: Readonly<Record<CrashCause, string>> = {
  panic: [
    "Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.",
    '',
    'Core  0 register dump:',
    'PC      : 0x400e2b5c  PS      : 0x00060830  A0      : 0x800e2c41  A1      : 0x3ffb5a20  ',
    'EXCVADDR: 0x00000010  LBEG    : 0x4000c2e0  LEND    : 0x4000c2f6  LCOUNT  : 0x00000000  ',
    '',
    'Backtrace: 0x400e2b59:0x3ffb5a20 0x400e2c3e:0x3ffb5a50 0x400d1f02:0x3ffb5a80',
    '',
    '',
    'ELF file SHA256: 0123456789abcdef',
    '',
    'Rebooting...',
    '',
  ].join('\r\n'),
  brownout: '\r\nBrownout detector was triggered\r\n\r\n',
  restart: '',
};

/** A chip whose firmware starts and crashes, about every 0.9 s; `loaded` is what the bootloader says. */
export function startCrashLoop(cause: CrashCause, loaded: string, silicon: Silicon): GuestStarter {
  return (host, reason): Guest => {
    const print = (text: string): void => {
      host.transmit(new TextEncoder().encode(text));
    };
    // In real time even where chip time stands still: the loop has no end.
    const timers: NodeJS.Timeout[] = [];
    const after = (ms: number, run: () => void): void => {
      timers.push(setTimeout(run, ms).unref());
    };
    host.setBaudRate(romBaudRate);
    print(romBanner(silicon, reason, 'run') + loaded);
    after(startsForMs, () => {
      print(lastWords[cause]);
    });
    after(startsForMs + endsForMs, () => {
      host.reset('software');
    });
    return {
      receive: () => undefined,
      stop: () => {
        for (const timer of timers) clearTimeout(timer);
      },
    };
  };
}
