import { describe, expect, it } from 'vitest';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import { ChipPort } from '../../support/chip-port.js';

describe('connectLoader', () => {
  it('finds out what it is connected to, starts the stub and raises the rate', async () => {
    const port = new ChipPort();
    const notices: string[] = [];
    const loader = await connectLoader(port, { onNotice: (notice) => notices.push(notice) });
    expect(loader.chip).toEqual({ name: 'ESP32', revision: 100, mac: '24:0a:12:34:56:78', lock: undefined });
    expect(loader.description).toMatchObject({ model: 'ESP32-D0WDQ6 (revision 1)', crystalMhz: 40 });
    expect(loader.flash).toEqual({ id: 0xc84016, manufacturer: 'GigaDevice', sizeBytes: 0x400000 });
    expect(loader.stub).toBe(true);
    expect(port.baudRate).toBe(921_600);
    expect(notices).toEqual([]);
    loader.dispose();
  });
});
