import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChipClock } from '../../../../src/sim/wire/chip-clock.js';
import { SerialLine } from '../../../../src/sim/wire/serial-line.js';
import { UsbAdapter } from '../../../../src/sim/wire/usb-adapter.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A line at 115200 baud, and what came through it with the time of arrival. */
function makeLine(unpaced = false) {
  const clock = new ChipClock();
  const startMs = clock.nowMs;
  const arrivals: { atMs: number; bytes: number[] }[] = [];
  const line = new SerialLine({ clock, baudRate: 115_200, unpaced }, (bytes) => {
    arrivals.push({ atMs: clock.nowMs - startMs, bytes: [...bytes] });
  });
  const received = (): number[] => arrivals.flatMap(({ bytes }) => bytes);
  return { clock, line, arrivals, received };
}

describe('one direction of the wire', () => {
  it('takes ten bits of time for a byte, and keeps the order', () => {
    const { line, arrivals, received } = makeLine();
    const sent = Uint8Array.from({ length: 1152 }, (_, at) => at & 0xff);
    line.send(sent.subarray(0, 1000));
    line.send(sent.subarray(1000));
    vi.advanceTimersByTime(99);
    expect(received().length).toBeLessThan(1152);
    vi.advanceTimersByTime(3);
    expect(received()).toEqual([...sent]);
    expect(arrivals.at(-1)?.atMs).toBeCloseTo(100, 1);
  });

  it('says when the last bit of each transmission has left', () => {
    const { clock, line } = makeLine();
    const startMs = clock.nowMs;
    const sentAt: number[] = [];
    line.send(new Uint8Array(115), () => sentAt.push(clock.nowMs - startMs));
    line.send(new Uint8Array(115), () => sentAt.push(clock.nowMs - startMs));
    vi.advanceTimersByTime(50);
    expect(sentAt.map((time) => Math.round(time))).toEqual([10, 20]);
  });

  it('does not lose time to timers that come late', () => {
    const { clock, line } = makeLine();
    const startMs = clock.nowMs;
    let answeredAt = 0;
    line.send(new Uint8Array(115), () => {
      // The whole of the answer is reckoned from this moment, not from when Node got round to it.
      line.send(new Uint8Array(115), () => (answeredAt = clock.nowMs - startMs));
    });
    vi.advanceTimersToNextTimer();
    vi.advanceTimersByTime(30);
    expect(answeredAt).toBeCloseTo(20, 0);
  });

  it('spoils what is sent after one side changed its rate, and only that', () => {
    const { line, received } = makeLine();
    line.send(Uint8Array.of(1, 2, 3));
    vi.advanceTimersByTime(5);
    line.receiveRate = 921_600;
    line.send(Uint8Array.of(4, 5, 6));
    vi.advanceTimersByTime(5);
    expect(received().slice(0, 3)).toEqual([1, 2, 3]);
    expect(received().slice(3)).not.toEqual([4, 5, 6]);
  });

  it('drops what has not left when it is cut', () => {
    const { line, received } = makeLine();
    line.send(new Uint8Array(1000));
    vi.advanceTimersByTime(10);
    line.cut();
    const before = received().length;
    line.send(Uint8Array.of(42));
    vi.advanceTimersByTime(200);
    expect(received().slice(before)).toEqual([42]);
  });

  it('takes no time unpaced, yet lets others run in an endless exchange', () => {
    const { line, received } = makeLine(true);
    let others = 0;
    let rounds = 0;
    const again = (): void => {
      rounds += 1;
      if (rounds < 1000) line.send(Uint8Array.of(1), again);
    };
    line.send(Uint8Array.of(1), again);
    setImmediate(() => (others = rounds));
    vi.advanceTimersByTime(1);
    vi.runAllTimers();
    expect(received().length).toBe(1000);
    expect(others).toBeLessThan(1000);
  });
});

describe('the USB adapter', () => {
  function makeAdapter(latencyMs: number) {
    const clock = new ChipClock();
    const startMs = clock.nowMs;
    const bursts: { atMs: number; bytes: number }[] = [];
    const adapter = new UsbAdapter(clock, latencyMs, (bytes) => {
      bursts.push({ atMs: Math.round(clock.nowMs - startMs), bytes: bytes.length });
    });
    return { clock, adapter, bursts, startMs };
  }

  it('holds back what fills no packet until its latency timer ticks', () => {
    const { adapter, bursts } = makeAdapter(16);
    adapter.receive(Uint8Array.of(1));
    vi.advanceTimersByTime(10);
    adapter.receive(Uint8Array.of(2));
    vi.advanceTimersByTime(30);
    adapter.receive(Uint8Array.of(3));
    vi.advanceTimersByTime(30);
    expect(bursts).toEqual([
      { atMs: 16, bytes: 2 },
      { atMs: 56, bytes: 1 },
    ]);
  });

  it('hands a full packet over at once; the timer starts anew for the rest', () => {
    const { adapter, bursts } = makeAdapter(16);
    adapter.receive(new Uint8Array(60));
    vi.advanceTimersByTime(10);
    adapter.receive(new Uint8Array(70));
    vi.advanceTimersByTime(10);
    expect(bursts).toEqual([{ atMs: 10, bytes: 124 }]);
    vi.advanceTimersByTime(10);
    expect(bursts).toEqual([
      { atMs: 10, bytes: 124 },
      { atMs: 26, bytes: 6 },
    ]);
  });

  it('passes everything on at once without a timer', () => {
    const { adapter, bursts } = makeAdapter(0);
    adapter.receive(Uint8Array.of(1, 2));
    adapter.receive(new Uint8Array(100));
    vi.advanceTimersByTime(1);
    expect(bursts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(102);
    expect(bursts.at(-1)?.atMs).toBe(0);
  });

  it('lets what the host writes start with the next USB frame', () => {
    const { adapter, clock } = makeAdapter(16);
    const started: number[] = [];
    const write = (afterMs: number) => {
      clock.schedule(Math.ceil(clock.nowMs) + afterMs, () => {
        const writtenMs = clock.nowMs;
        adapter.send(() => started.push(clock.nowMs - writtenMs));
      });
    };
    for (const afterMs of [2.25, 4, 6.75]) write(afterMs);
    vi.advanceTimersByTime(20);
    expect(started).toEqual([0.75, 0, 0.25]);
  });
});
