import { kind } from './define.js';

const thenRepeat = 'then run upyw provision again; all else is in place';

/** A board that is to become part of a network. */
export const provisionErrors = {
  'provision/no-network': kind<{ ssid: string; heard?: string[] }>({
    exitCode: 1,
    message: ({ ssid, heard = [] }) =>
      `the board finds no network ${JSON.stringify(ssid)}` +
      (heard.length === 0 ? '' : `; it hears ${heard.map((name) => JSON.stringify(name)).join(', ')}`),
    hint: () =>
      `Check how it is spelt (small and capital letters differ), that it is in range and on 2.4 GHz (an ESP32 has no 5 GHz), ${thenRepeat}`,
  }),
  'provision/wrong-password': kind<{ ssid: string }>({
    exitCode: 1,
    message: ({ ssid }) => `the network ${JSON.stringify(ssid)} does not accept the password`,
    hint: () => `Correct it (upyw config shows where it comes from), ${thenRepeat}`,
  }),
  'provision/no-address': kind<{ ssid: string }>({
    exitCode: 1,
    message: ({ ssid }) => `the board joined ${JSON.stringify(ssid)}, but got no address there (DHCP)`,
    hint: () =>
      `Perhaps its list of devices is full, or it wants to know the board first (a login page, a list of MAC addresses): try a phone's hotspot, ${thenRepeat}`,
  }),
  'provision/not-connected': kind<{ ssid: string; reason: string }>({
    exitCode: 1,
    message: ({ ssid, reason }) => `the board did not get into ${JSON.stringify(ssid)}: ${reason}`,
    hint: () => `Try nearer to the access point, or another network (WPA2), ${thenRepeat}`,
  }),
  'provision/not-started': kind<{ waitedMs: number; ended: boolean; lastBytes: string }>({
    exitCode: 1,
    message: ({ waitedMs, ended, lastBytes }) =>
      'everything is on the board, but boot.py ' +
      (ended
        ? 'ended without starting Wi-Fi'
        : `has not started Wi-Fi within ${Math.round(waitedMs / 1000)} s`) +
      (lastBytes === '' ? '' : `; the board said last: ${lastBytes}`),
    hint: () =>
      'Look at what boot.py does before wifi_and_ntp.startup(): upyw cat :boot.py. To see it start: upyw repl, then Ctrl-D',
  }),
  'provision/not-in-time': kind<{ ssid: string; waitedMs: number; connected: boolean }>({
    exitCode: 1,
    message: ({ ssid, waitedMs, connected }) =>
      (connected
        ? `the board is in ${JSON.stringify(ssid)}, but has not set its clock`
        : `the board is not connected to ${JSON.stringify(ssid)}`) +
      ` within ${Math.round(waitedMs / 1000)} s`,
    hint: ({ waitedMs }) =>
      `Everything is on the board. To wait longer: upyw provision --timeout ${Math.max(60, Math.round(waitedMs / 500))}`,
  }),
  'provision/broken-boot': kind<{ problem: string }>({
    exitCode: 1,
    message: ({ problem }) => `boot.py on the board cannot run, so nothing can be added to it: ${problem}`,
    hint: () =>
      'Correct it (upyw get :boot.py, then upyw put boot.py) or remove it (upyw rm :boot.py), and repeat. Nothing was changed',
  }),
};
