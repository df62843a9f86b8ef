import { kind } from './define.js';

/** The command line and the configuration: nothing was done yet. */
export const usageErrors = {
  'usage/arguments': kind<{ problem: string; command: string; instead?: string }>({
    exitCode: 2,
    message: ({ problem }) => problem,
    hint: ({ command, instead }) => instead ?? `See: ${command} --help`,
  }),
  'usage/bad-value': kind<{ name: string; value: string; expected: string }>({
    exitCode: 2,
    message: ({ name, value, expected }) => `${name} ${JSON.stringify(value)} is not ${expected}`,
    hint: ({ name, expected }) => `Give ${name} ${expected}`,
  }),
  'usage/bad-port': kind<{ port: string; reason: string }>({
    exitCode: 2,
    message: ({ port, reason }) => `${port} is not a port name: ${reason}`,
    hint: () =>
      'Use a serial port (COM3, /dev/ttyUSB0), a shortcut (u0, a0, c3, id:SERIAL), socket://host:port, rfc2217://host:port or sim:',
  }),
  'usage/no-terminal': kind<{ what: string; instead: string }>({
    exitCode: 2,
    message: ({ what }) => `${what} needs a terminal`,
    hint: ({ instead }) => instead,
  }),
  'usage/declined': kind<{ what: string }>({
    exitCode: 1,
    message: ({ what }) => `${what}: not done`,
    hint: () => 'Nothing was changed. Answer yes, or add --yes, to go on',
  }),
  'usage/no-firmware': kind<object>({
    exitCode: 2,
    message: () => 'no firmware named',
    hint: () => 'Name the file that belongs there: upyw flash FILE.bin --offset ADDRESS',
  }),
  'usage/no-ssid': kind<object>({
    exitCode: 2,
    message: () => 'no Wi-Fi network named',
    hint: () =>
      'Name it: upyw provision --ssid NAME --password-stdin < FILE, or wifi.ssid in upyw.config.yaml (upyw init makes that file where there is none). Without Wi-Fi: upyw provision --no-wifi',
  }),
  'config/invalid': kind<{ source: string; key: string; problem: string; instead?: string }>({
    exitCode: 2,
    message: ({ source, key, problem }) => `${source}: ${key}: ${problem}`,
    hint: ({ source, instead }) => instead ?? `Correct it in ${source}; upyw config shows what is in force`,
  }),
  'config/no-own-value': kind<{ source: string; key: string; word: string; mac?: string }>({
    exitCode: 2,
    message: ({ source, key, word, mac }) =>
      `${source}: ${key} has {{${word}}}, and ` +
      (mac === undefined ? 'no board is known here' : `the board ${mac} has no name`),
    hint: ({ mac }) =>
      mac === undefined
        ? 'Name a board with -p; files in an image have none'
        : 'Give the board a name (upyw name device01), or all that are plugged in: upyw name --number device%02d',
  }),
  'config/unknown-key': kind<{ source: string; key: string; near?: string; known: string[] }>({
    exitCode: 2,
    message: ({ source, key }) => `${source}: unknown key ${key}`,
    hint: ({ near, known }) =>
      near === undefined ? `Known keys: ${known.join(', ')}` : `Did you mean ${near}?`,
  }),
  'config/unreadable': kind<{ source: string; reason: string; quotes?: boolean }>({
    exitCode: 2,
    message: ({ source, reason }) => `${source} cannot be read: ${reason}`,
    hint: ({ source, quotes }) =>
      quotes === true
        ? `A value with a colon before a space or at its end needs quotes, such as port: 'sim:'. Correct ${source}`
        : `Correct ${source}, or move it away and try again`,
  }),
  'config/foreign-code': kind<{ source: string; problem: string }>({
    exitCode: 2,
    message: ({ source, problem }) => `${source} is a program, and ${problem}: upyw does not run it`,
    hint: ({ source }) =>
      `If you trust it, make it yours alone: chown "$(id -u)" ${source} && chmod go-w ${source}. Or write the settings as .yaml or .json`,
  }),
};
