import { kind } from './define.js';

/** The virtual board: its names, its options, its state on disk, its server. */
export const simErrors = {
  'sim/bad-name': kind<{ name: string; reason: string }>({
    exitCode: 2,
    message: ({ name, reason }) => `${JSON.stringify(name)} cannot name a virtual board: ${reason}`,
    hint: () => 'Use letters, digits, dot, dash and underscore, for example: -p sim:desk1',
  }),
  'sim/bad-option': kind<{ option: string; reason: string; known: string[] }>({
    exitCode: 2,
    message: ({ option, reason }) => `option ${option} of a virtual board: ${reason}`,
    hint: ({ known }) => `Options: ${known.join(', ')}; for example: -p 'sim:?unpaced'`,
  }),
  'sim/bad-pin': kind<{ pin: string; reason: string; isAnalog?: boolean }>({
    exitCode: 2,
    message: ({ pin, reason }) => `nothing can be connected to pin ${pin}: ${reason}`,
    hint: ({ isAnalog }) =>
      isAnalog === true
        ? 'Name a GPIO that has an ADC by its number, for example: upyw sim adc 36 1800'
        : 'Name it by its GPIO number, for example: upyw sim pin 12 low',
  }),
  'sim/not-served': kind<{ name: string; served: string[] }>({
    exitCode: 3,
    message: ({ name }) => `nobody keeps the virtual board ${name} switched on`,
    hint: ({ name, served }) =>
      served.length === 0
        ? `Start it in another terminal: upyw sim serve -p sim:${name}. For one command alone: -p 'sim:${name}?pin12=low'`
        : `These are on: ${served.map((each) => `-p sim:${each}`).join(', ')}; or start it: upyw sim serve -p sim:${name}`,
  }),
  'sim/not-found': kind<{ name: string; known: string[] }>({
    exitCode: 1,
    message: ({ name }) => `there is no virtual board ${name}`,
    hint: ({ known }) =>
      known.length === 0
        ? 'None was used yet; -p sim: makes one'
        : `Virtual boards here: ${known.join(', ')}`,
  }),
  'sim/state': kind<{ path: string; reason: string }>({
    exitCode: 1,
    message: ({ path, reason }) => `the virtual board's state ${path} cannot be used: ${reason}`,
    hint: () => 'Start it anew with: upyw sim reset NAME, or choose another folder with UPYW_SIM_DIR',
  }),
  'sim/listen': kind<{ address: string; reason: string }>({
    exitCode: 1,
    message: ({ address, reason }) => `cannot listen on ${address}: ${reason}`,
    hint: () => 'Choose another address, for example: --listen 127.0.0.1:0',
  }),
  'sim/demo': kind<{ step: string; reason: string }>({
    exitCode: 1,
    message: ({ step, reason }) => `the demo stopped at "${step}": ${reason}`,
    hint: () => 'Please report it with what is printed above',
  }),
  'sim/no-pty': kind<{ reason: string }>({
    exitCode: 1,
    message: ({ reason }) => `no pseudo-terminal can be made here: ${reason}`,
    hint: () => 'Leave --pty away and connect by rfc2217://',
  }),
};
