import { describe, expect, it } from 'vitest';
import type { Air } from '../../../../src/sim/network/access-point.js';
import { WifiStation } from '../../../../src/sim/network/station.js';

const home = { ssid: 'home', password: 'correct horse' };
const cafe = { ssid: 'café' };

function station(air: Partial<Air> = {}) {
  const clock = { nowMs: 0 };
  const options: Air = { accessPoints: [home, cafe], noDhcp: false, noNtp: false, unpaced: false, ...air };
  const wifi = new WifiStation(options, () => clock.nowMs);
  wifi.isActive = true;
  /** What `status()` says, asked every tenth of a second; repetitions once. */
  const statuses = (durationMs: number): number[] => {
    const seen: number[] = [];
    for (const end = clock.nowMs + durationMs; clock.nowMs < end; clock.nowMs += 100) {
      if (seen.at(-1) !== wifi.status) seen.push(wifi.status);
    }
    return seen;
  };
  return { wifi, statuses };
}

describe('the Wi-Fi station', () => {
  it('connects to a network with its password, and to an open one with any', () => {
    const { wifi, statuses } = station();
    expect(wifi.status).toBe(1000);
    expect(wifi.connect('home', 'correct horse')).toBeUndefined();
    expect(statuses(5000)).toEqual([1001, 1010]);
    expect([wifi.isConnected, wifi.rssi, wifi.ssid]).toEqual([true, -48, 'home']);
    expect(wifi.disconnect()).toBeUndefined();
    expect([wifi.isConnected, wifi.rssi, wifi.status]).toEqual([false, undefined, 1000]);
    wifi.connect('café', '');
    expect(statuses(5000).at(-1)).toBe(1010);
    expect(wifi.rssi).toBe(-57);
  });

  it('goes on looking for a network that is not there, and says so all the while', () => {
    const { wifi, statuses } = station();
    wifi.connect('office', 'correct horse');
    expect(statuses(30_000)).toEqual([1001, 201]);
    expect(wifi.scan()).toEqual([]);
  });

  it('shows a wrong password in turn with the next try', () => {
    const { wifi, statuses } = station();
    wifi.connect('home', 'wrong horse');
    expect(statuses(11_000)).toEqual([1001, 202, 1001, 202]);
    wifi.disconnect();
    expect(wifi.status).toBe(1000);
    wifi.connect('home', '');
    expect(statuses(3000)).toEqual([1000, 210]);
  });

  it('gives up after as many tries as it was told', () => {
    const { wifi, statuses } = station();
    wifi.maxAttempts = 1;
    wifi.connect('home', 'wrong horse');
    expect(statuses(11_000)).toEqual([1001, 15]);
    expect(wifi.connect('home', 'correct horse')).toBeUndefined();
    expect(statuses(5000)).toEqual([1001, 1010]);
  });

  it('refuses a second connect while the first goes on, and any while it is off', () => {
    const { wifi, statuses } = station();
    wifi.connect('office', '');
    statuses(9000);
    expect(wifi.connect('home', 'correct horse')).toBe('Wifi Internal Error');
    wifi.disconnect();
    expect(wifi.connect('home', 'correct horse')).toBeUndefined();
    wifi.isActive = false;
    expect(wifi.connect('home', 'correct horse')).toBe('Wifi Not Started');
    expect(wifi.disconnect()).toBe('Wifi Not Started');
    wifi.isActive = true;
    expect(wifi.status, 'switching it off ended the attempt').toBe(1000);
    expect(station().wifi.connect(null, '')).toBe('Wifi SSID Invalid');
  });

  it('stays without an address where nobody gives one out, unless it has one of its own', () => {
    const { wifi, statuses } = station({ noDhcp: true });
    wifi.connect('home', 'correct horse');
    expect(statuses(60_000)).toEqual([1001]);
    expect([wifi.isConnected, wifi.isTimeServed, wifi.rssi]).toEqual([false, false, -48]);
    wifi.hasStaticAddress = true;
    expect([wifi.isConnected, wifi.isTimeServed]).toEqual([true, true]);
  });

  it('takes as long as it is told, and no time where there is none', () => {
    const slow = station({ joinMs: 9000, unpaced: true });
    slow.wifi.connect('home', 'correct horse');
    expect(slow.statuses(8900)).toEqual([1001]);
    expect(slow.statuses(300)).toEqual([1001, 1010]);
    const quick = station({ unpaced: true });
    quick.wifi.connect('home', 'correct horse');
    quick.statuses(200);
    expect(quick.wifi.isConnected).toBe(true);
  });

  it('finds any network where none was named', () => {
    const { wifi, statuses } = station({ accessPoints: undefined as never });
    wifi.connect('whatever', 'any');
    statuses(2000);
    expect([wifi.isConnected, wifi.isTimeServed]).toEqual([true, true]);
    expect(wifi.scan()).toEqual([['workshop', 1, -48, true]]);
  });

  it('hears the networks there are', () => {
    expect(station().wifi.scan()).toEqual([
      ['home', 1, -48, true],
      ['café', 6, -57, false],
    ]);
  });
});
