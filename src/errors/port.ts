import { kind } from './define.js';
import { revive } from './native-usb.js';

/** Reaching a board: everything between the user's `-p` and an open, answering port. */
export const portErrors = {
  'port/none': kind<{ others?: string[] }>({
    exitCode: 3,
    message: () => 'no board found',
    hint: ({ others = [] }) =>
      others.length === 0
        ? 'Plug the board in with a data cable (a charge-only cable shows nothing) and run: upyw list. Nothing there? upyw doctor says why. To try without a board: -p sim:'
        : `Plug the board in with a data cable and run: upyw list. If it is ${others.join(' or ')}, name it with -p. To try without a board: -p sim:`,
  }),
  'port/several': kind<{ ports: string[] }>({
    exitCode: 3,
    message: ({ ports }) => `${ports.length} boards found: ${ports.join(', ')}`,
    hint: ({ ports }) => `Name one of them, for example: -p ${ports[0] ?? 'PORT'}`,
  }),
  'port/no-match': kind<{ pattern: string; known: string[] }>({
    exitCode: 3,
    message: ({ pattern }) => `nothing here is called ${pattern}`,
    hint: ({ pattern, known }) => {
      if (known.length > 0) return `There are: ${known.join(', ')}`;
      if (pattern.startsWith('sim:'))
        return 'There are no virtual boards yet: name each of them with a -p of its own, such as -p sim:desk1 -p sim:desk2';
      return pattern.startsWith('name:')
        ? 'No board has a name yet. To give names to all that are plugged in: upyw name --number device%02d'
        : 'No serial port is here now. Check the cable and the driver; upyw doctor says what is wrong with them';
    },
  }),
  'port/not-found': kind<{ port: string; known: string[] }>({
    exitCode: 3,
    message: ({ port }) => `there is no port ${port}`,
    hint: ({ known }) =>
      known.length > 0
        ? `Ports here: ${known.join(', ')}. See: upyw list`
        : 'No serial port is here now. Check the cable and the driver; upyw doctor says what is wrong with them',
  }),
  'port/busy': kind<{ port: string; holder?: string }>({
    exitCode: 3,
    message: ({ port, holder }) => `${port} is in use${holder === undefined ? '' : ` by ${holder}`}`,
    hint: ({ holder }) =>
      holder === undefined
        ? 'Close the program that has it open (Thonny, a terminal, another upyw) and try again; upyw doctor looks for it'
        : 'Wait until it is done, or close it, and try again',
  }),
  'port/permission': kind<{ port: string; group?: string }>({
    exitCode: 3,
    message: ({ port }) => `no permission to open ${port}`,
    hint: ({ group }) =>
      group === undefined
        ? 'Check who owns the device, or run from an account that may use it; upyw doctor tells more'
        : `Join the group that owns it: sudo usermod -aG ${group} "$USER", then log out and in again`,
  }),
  'port/refused': kind<{ port: string; reason: string }>({
    exitCode: 3,
    message: ({ port, reason }) => `cannot connect to ${port}: ${reason}`,
    hint: () =>
      'Check host and port number, and that the server is running (for a virtual board: upyw sim serve)',
  }),
  'port/lost': kind<{ port: string; lastBytes?: string; nativeUsb?: boolean }>({
    exitCode: 3,
    message: ({ port, lastBytes }) =>
      `the connection to ${port} was lost${lastBytes === undefined ? '' : `; last heard: ${lastBytes}`}`,
    hint: ({ nativeUsb }) =>
      nativeUsb === true
        ? `${revive}; then repeat the command. If it goes on: another cable`
        : 'Check the cable, plug the board in again and repeat the command. If it goes on, upyw doctor looks for the reason',
  }),
  'port/silent': kind<{ port: string; waitedMs: number; lastBytes?: string; nativeUsb?: boolean }>({
    exitCode: 3,
    retryable: true,
    message: ({ port, waitedMs, lastBytes }) =>
      `no answer from ${port} for ${waitedMs / 1000} s${lastBytes === undefined ? '' : `; last heard: ${lastBytes}`}`,
    hint: ({ nativeUsb }) =>
      nativeUsb === true
        ? `${revive}; then repeat the command`
        : 'Press EN (RST) on the board and repeat the command; if it stays silent, see why: upyw doctor',
  }),
  'port/failed': kind<{ port: string; reason: string }>({
    exitCode: 3,
    message: ({ port, reason }) => `${port} does not work: ${reason}`,
    hint: () => 'Unplug the board, plug it in again and repeat the command; upyw doctor tells more',
  }),
  'port/no-lines': kind<{ port: string }>({
    exitCode: 3,
    message: ({ port }) => `${port} has no DTR and RTS lines`,
    hint: () => 'Reset the board by hand (tap EN), or reach it by its serial port or rfc2217://',
  }),
};
