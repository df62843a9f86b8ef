import { describe, expect, it } from 'vitest';
import { SharedConsole, stdinRingBytes } from '../../../../src/sim/micropython/console/shared-console.js';

describe('the stdin ring', () => {
  it('holds what the ESP32 holds while nobody reads', () => {
    const console = new SharedConsole();
    expect(console.received.push(new Uint8Array(400), console.receiveLimit)).toBe(stdinRingBytes);
  });

  it('loses nothing of what a program waits for, however late its thread is', () => {
    const console = new SharedConsole();
    console.expectInput(4000);
    let taken = 0;
    for (let sent = 0; sent < 4000; sent += 100) {
      taken += console.received.push(new Uint8Array(100), console.receiveLimit);
    }
    expect(taken).toBe(4000);
  });

  it('has room for that and the ring, and no more, as the program reads', () => {
    const console = new SharedConsole();
    console.expectInput(100);
    expect(console.received.push(new Uint8Array(1000), console.receiveLimit)).toBe(100 + stdinRingBytes);
    console.received.release(100);
    expect(console.received.push(new Uint8Array(1), console.receiveLimit)).toBe(0);
  });

  it('is its own size again when the read ends early', () => {
    const console = new SharedConsole();
    console.expectInput(4000);
    console.expectInput(0);
    expect(console.receiveLimit).toBe(stdinRingBytes);
  });
});
