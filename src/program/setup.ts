import type { InitOptions } from '../commands/setup/init.js';
import type { KeysOptions } from '../commands/setup/keys.js';
import type { CompletionOptions } from '../commands/setup/completion.js';
import type { DoctorOptions } from '../commands/setup/doctor.js';
import type { ListOptions } from '../commands/setup/list.js';
import type { NameOptions } from '../commands/setup/name.js';
import type { ProvisionOptions } from '../commands/setup/provision.js';
import type { CommandGroup } from './definition.js';
import { packageSettings, provisionSettings, transferSettings } from './settings.js';

/** Commands about upyw itself and the ports of this computer. */
export const setupCommands: CommandGroup = {
  title: 'Setting up:',
  commands: [
    {
      call: 'list',
      summary: 'list the serial ports of this computer',
      alias: 'devs',
      options: [{ flags: '--probe', what: 'ask what is on each; a program that runs there is interrupted' }],
      examples: [{ line: 'upyw list' }, { line: 'upyw list --probe' }],
      flags: ['--json'],
      run: async (context, options: ListOptions) =>
        (await import('../commands/setup/list.js')).list(context, options),
    },
    {
      call: 'doctor',
      summary: 'find out what is wrong with this computer, its ports or the board, and say the next step',
      description:
        'Find out what is wrong with this computer, its ports or the board, and say the next step. A program that runs on the board is interrupted, and the board restarts; with --no-reset it does not.',
      options: [
        { flags: '--plug', what: 'wait until you plug the board in: does the cable carry data?' },
        { flags: '--speed', what: 'measure how fast this cable and this adapter are, in both directions' },
        { flags: '--bundle <file>', what: 'write all of it to a file for whoever helps, without passwords' },
      ],
      examples: [
        { line: 'upyw doctor' },
        { line: 'upyw doctor --plug', what: 'no port is there' },
        { line: 'upyw doctor --bundle report.json', what: 'for your assistant' },
      ],
      flags: ['--port', '--json'],
      many: 'prompt',
      run: async (context, options: DoctorOptions) =>
        (await import('../commands/setup/doctor.js')).doctor(context, options),
    },
    {
      call: 'completion <shell>',
      summary: 'print what makes a shell complete upyw: bash, zsh, fish, powershell',
      description:
        'Print what makes a shell complete commands, options, ports, names, files, and paths on the board behind a colon: bash, zsh, fish, powershell.',
      options: [{ flags: '--install', what: 'put it in place, and say how to undo that' }],
      examples: [
        { line: 'upyw completion bash --install' },
        { line: 'upyw completion zsh', what: 'to put it in place yourself' },
      ],
      flags: ['--dry-run'],
      run: async (context, shell: string, options: CompletionOptions) =>
        (await import('../commands/setup/completion.js')).completion(context, shell, options),
    },
    {
      call: 'init',
      summary: 'write a configuration, a file for secrets and a first program into this folder',
      options: [{ flags: '--package <name...>', what: 'a library that the board is to have (packages:)' }],
      examples: [
        { line: 'upyw init' },
        { line: 'upyw init --yes', what: 'without a question' },
        { line: 'upyw init --package umqtt.simple --package aioble' },
      ],
      flags: ['--yes', '--dry-run'],
      run: async (context, options: InitOptions) =>
        (await import('../commands/setup/init.js')).init(context, options),
    },
    {
      call: 'provision',
      summary: 'put a board into your Wi-Fi, with clock and libraries, at every boot',
      options: [
        { flags: '--ssid <name>', what: 'the network' },
        { flags: '--password-stdin', what: 'read its password from a pipe or a file' },
        { flags: '--password <text>', what: 'its password, for all to see: the shell keeps it' },
        { flags: '--hostname <name>', what: "the board's name in the network" },
        { flags: '--country <code>', what: 'two letters, such as CZ' },
        { flags: '--ntp-host <name>', what: 'the time server' },
        { flags: '--utc-offset <offset>', what: 'how far local time is ahead of UTC, such as +02:00' },
        { flags: '--api-url <address>', what: 'the web service that api_test.py talks to' },
        { flags: '--pin-btn1 <gpio>', what: 'where the first button is' },
        { flags: '--pin-btn2 <gpio>', what: 'where the second button is' },
        { flags: '--pin-led <gpio>', what: 'where the LED is' },
        { flags: '--pin-adc <gpio>', what: 'the analog input' },
        { flags: '--main', what: "also replace the board's main.py, if files has one" },
        { flags: '--no-wifi', what: "put the workshop's code on the board, and leave Wi-Fi out" },
        { flags: '--no-check', what: 'do not restart the board to see it work' },
        { flags: '--undo', what: 'take out what provisioning put in' },
      ],
      examples: [
        { line: 'upyw provision --ssid workshop --password-stdin < password.txt' },
        { line: 'upyw provision', what: 'with upyw.config.yaml (upyw init writes it)' },
        { line: 'upyw provision --dry-run', what: 'what would change on the board' },
        { line: 'upyw provision --no-wifi', what: 'only the code of the workshop' },
        { line: 'upyw provision --undo', what: 'take it out again' },
      ],
      flags: ['--port', '--yes', '--dry-run'],
      settings: [...provisionSettings, ...packageSettings, ...transferSettings],
      many: 'prompt',
      run: async (context, options: ProvisionOptions) =>
        (await import('../commands/setup/provision.js')).provision(context, options),
    },
    {
      call: 'name [names...]',
      usage: '[options] [name]',
      summary: 'give boards names, which stay with them on every port',
      description:
        'give boards names, by which -p name:… finds them on every port; they are kept in upyw.boards.yaml',
      options: [
        {
          flags: '--number <pattern>',
          what: "name all boards that are plugged in, in the order of the hub's ports: device%02d",
        },
        { flags: '--from <number>', what: 'where the numbers begin', byDefault: '1' },
        { flags: '--remove', what: 'take these names away' },
      ],
      examples: [
        { line: 'upyw name device03', what: 'the board that is plugged in' },
        { line: 'upyw name --number device%02d', what: 'all of them: device01, device02, …' },
        { line: 'upyw name', what: 'the names that there are' },
        { line: 'upyw -p name:device03 ls' },
        { line: 'upyw name --remove device03' },
      ],
      flags: ['--port', '--dry-run', '--json'],
      many: 'itself',
      run: async (context, names: string[], options: NameOptions) =>
        (await import('../commands/setup/name.js')).name(context, names, options),
    },
    {
      call: 'keys',
      summary: "make the keys by which the workshop's web service knows its devices",
      note: 'Without --count and --prefix it makes them for the boards of upyw.boards.yaml, where there are some.',
      options: [
        { flags: '--count <number>', what: 'how many, from device00 on (10)' },
        { flags: '--prefix <text>', what: 'what their names begin with (device)' },
        { flags: '--random', what: 'keys that nobody can guess, in place of the MD5 of the name' },
        { flags: '--save', what: 'write them into upyw.secrets.yaml, where upyw provision takes them from' },
        { flags: '--out <file>', what: 'write them into the db.json that json-server serves' },
      ],
      examples: [
        { line: 'upyw keys', what: 'device00 to device09, as the workshop computes them' },
        { line: 'upyw keys --random --save --out db.json', what: 'for the boards and for the service' },
      ],
      flags: ['--yes', '--dry-run', '--json'],
      run: async (context, options: KeysOptions) =>
        (await import('../commands/setup/keys.js')).keys(context, options),
    },
    {
      call: 'demo',
      summary: 'the workshop in half a minute, on a virtual board',
      examples: [{ line: 'upyw demo' }],
      flags: [],
      run: async (context) => (await import('../commands/setup/demo.js')).demo(context),
    },
    {
      call: 'config',
      summary: 'show every setting and where it comes from',
      examples: [{ line: 'upyw config' }, { line: 'upyw config --json' }],
      flags: ['--port', '--json'],
      run: async (context) => (await import('../commands/setup/config.js')).config(context),
    },
  ],
};
