import { describe, expect, it } from 'vitest';
import { RestartCounter } from '../../../src/rawrepl/restart-loop.js';

function counted(text: string, pieceBytes: number): RestartCounter {
  const counter = new RestartCounter();
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) counter.push(bytes.subarray(at, at + pieceBytes));
  return counter;
}

const start = (reset: string) =>
  `ets Jul 29 2019 12:21:46\r\n\r\nrst:${reset},boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n`;

describe('a chip that starts again and again', () => {
  it.each([
    [
      '0xc (SW_CPU_RESET)',
      'Brownout detector was triggered\r\n',
      'brownout',
      'Brownout detector was triggered',
    ],
    ['0xf (RTCWDT_BROWN_OUT_RESET)', '', 'brownout', 'RTCWDT_BROWN_OUT_RESET'],
    [
      '0xc (SW_CPU_RESET)',
      "Guru Meditation Error: Core  1 panic'ed (IllegalInstruction)\r\n",
      'panic',
      "Guru Meditation Error: Core  1 panic'ed (IllegalInstruction)",
    ],
    ['0xc (RTC_SW_CPU_RST)', '', 'software', 'RTC_SW_CPU_RST'],
    ['0x8 (TG1WDT_SYS_RESET)', '', 'watchdog', 'TG1WDT_SYS_RESET'],
    ['0x5 (DEEPSLEEP_RESET)', '', 'deep sleep', 'DEEPSLEEP_RESET'],
    ['0x1 (POWERON_RESET)', '', 'power', 'POWERON_RESET'],
  ])('by %s %j: %s', (reset, words, cause, said) => {
    const text = `${start(reset)}entry 0x400805f0\r\n${words}`.repeat(3);
    for (const pieceBytes of [1, 7, 10_000]) {
      expect(counted(text, pieceBytes).loop).toEqual({ starts: 3, cause, said });
    }
  });

  it('is none after a reset of ours and one of its own, however much is said', () => {
    const counter = counted(start('0x1 (POWERON_RESET)').repeat(2) + 'x'.repeat(50_000), 100);
    expect([counter.starts, counter.loop]).toEqual([2, undefined]);
    for (const byte of new TextEncoder().encode(start('0xc (SW_CPU_RESET)')))
      counter.push(Uint8Array.of(byte));
    expect(counter.loop).toMatchObject({ starts: 3 });
  });
});
