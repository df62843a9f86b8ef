import { describe, expect, it } from 'vitest';
import { chipIdentity, macChecksum } from '../../../../src/sim/chip/identity.js';

const text = (mac: Uint8Array): string => Buffer.from(mac).toString('hex');

describe('a chip’s MAC address', () => {
  it('is fixed for the board without a name, and stands with its checksum', () => {
    const { mac } = chipIdentity('');
    expect(text(mac)).toBe('240a12345678');
    expect(macChecksum(mac)).toBe(0x4f);
  });

  it('follows from the board’s name, and leaves room for the three that count on from it', () => {
    const names = ['desk1', 'desk2', 'a', 'b'];
    const macs = names.map((name) => chipIdentity(name).mac);
    expect(new Set(macs.map(text)).size).toBe(names.length);
    expect(text(chipIdentity('desk1').mac)).toBe(text(macs[0]!));
    for (const mac of macs) expect((mac[5] ?? 1) % 4).toBe(0);
  });
});
