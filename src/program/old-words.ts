const install = 'upyw mip install NAME';

/** Commands of esptool, ampy, mpremote, rshell and of the system's shell, and the line that does the same here. */
const commands: Readonly<Record<string, string>> = {
  // esptool; it writes them with a hyphen from version 5 on.
  erase_flash: 'upyw erase',
  write_flash: 'upyw flash FIRMWARE.bin',
  read_flash: 'upyw backup FILE',
  verify_flash: 'upyw verify FILE',
  read_mac: 'upyw chip',
  image_info: 'upyw flash FIRMWARE.bin -n, which tells what it is and writes nothing',
  chip_id: 'upyw chip',
  flash_id: 'upyw chip',
  get_security_info: 'upyw chip',
  // ampy, mpremote, rshell, mpfshell
  copy: 'upyw put FILE, or to copy from the board: upyw get FILE',
  upload: 'upyw put FILE',
  push: 'upyw put FILE',
  mput: "upyw put '*.py'",
  download: 'upyw get FILE',
  pull: 'upyw get FILE',
  mget: "upyw get ':*.py'",
  rsync: 'upyw sync FOLDER',
  mount: 'upyw sync FOLDER --watch',
  edit: 'upyw get FILE, edit it, upyw put FILE; or leave upyw sync FOLDER --watch running beside the editor',
  cd: 'paths from the top of the board: upyw ls :lib',
  pwd: 'upyw exec "import os; print(os.getcwd())"',
  install,
  upip: install,
  pip: install,
  packages: 'upyw mip list',
  uninstall: 'upyw mip remove NAME',
  search: 'upyw mip search WORD',
  connect: 'upyw -p PORT COMMAND, such as: upyw -p COM3 repl',
  open: 'upyw -p PORT COMMAND, such as: upyw -p COM3 repl',
  soft_reset: 'upyw reset --soft',
  hard_reset: 'upyw reset --hard',
  bootloader: 'upyw reset --bootloader',
  mpy: 'upyw repl',
  // what people try
  dir: 'upyw ls',
  ll: 'upyw ls -l',
  type: 'upyw cat FILE',
  more: 'upyw cat FILE',
  del: 'upyw rm FILE',
  delete: 'upyw rm FILE',
  remove: 'upyw rm FILE',
  md: 'upyw mkdir FOLDER',
  rd: 'upyw rmdir FOLDER',
  rename: 'upyw mv OLD NEW',
  ren: 'upyw mv OLD NEW',
  free: 'upyw mem',
  sha256: 'upyw sha256sum FILE',
  date: 'upyw rtc',
  time: 'upyw rtc',
  execute: 'upyw exec CODE',
  restart: 'upyw reset',
  reboot: 'upyw reset',
  stop: 'Ctrl-C in the window where it runs, or: upyw reset',
  monitor: 'upyw repl',
  terminal: 'upyw repl',
  miniterm: 'upyw repl',
  shell: 'upyw repl',
  burn: 'upyw flash FIRMWARE.bin',
  program: 'upyw flash FIRMWARE.bin',
  ports: 'upyw list',
  devices: 'upyw list',
  devs: 'upyw list',
  scan: 'upyw list --probe',
  info: 'upyw chip',
  wifi: 'upyw provision',
  version: 'upyw --version',
};

const flags: Readonly<Record<string, string>> = {
  '--chip': 'Leave it out: upyw sees which chip it is',
  '--before': 'Leave it out: upyw resets the chip as its circuit needs it',
  '--after': 'Leave it out: upyw starts the chip when it is done',
  '--flash_mode': 'Leave it out: the firmware says it',
  '--flash_size': 'Leave it out: the chip says it',
  '--flash_freq': 'Leave it out: the firmware says it',
  '-V': 'Use: upyw --version',
  '-v': 'Use: upyw --verbose, or for the version: upyw --version',
};

/** What to do instead of a command that other tools have; `words`: it, and what stands behind it. */
export function insteadOfCommand(words: readonly string[]): string | undefined {
  const [first = '', ...others] = words;
  if (first === 'fs') return insteadOfFs(others);
  if (/^(?:[auc]\d+|COM\d+|\/dev\/.+|(?:id|port|sim):.*)$/i.test(first))
    return `A port goes with -p: upyw -p ${first} ls`;
  if (first === 'copy') return `Use: ${copyLine(others)}`;
  const line = lookUp(commands, first.toLowerCase().replaceAll('-', '_'));
  return line === undefined ? undefined : `Use: ${line}`;
}

export function insteadOfFlag(flag: string): string | undefined {
  return lookUp(flags, flag.startsWith('--') ? `--${flag.slice(2).replaceAll('-', '_')}` : flag);
}

/** mpremote's `fs cp …`; most of its other commands have the same names here. */
function insteadOfFs([name = '', ...operands]: readonly string[]): string {
  const same = ['ls', 'cat', 'rm', 'mkdir', 'rmdir', 'tree', 'df', 'touch', 'sha256sum'];
  if (name === 'cp') return `Use: ${copyLine(operands)}`;
  return `Leave fs out: upyw ${same.includes(name) ? name : 'ls'}`;
}

/** Which way a copy goes is in its colons. */
function copyLine(operands: readonly string[]): string {
  const names = operands.filter((word) => !word.startsWith('-'));
  if (names[0]?.startsWith(':') === true) return `upyw get ${names.join(' ')}`;
  return names.at(-1)?.startsWith(':') === true
    ? `upyw put ${names.join(' ')}`
    : 'upyw put FILE, or to copy from the board: upyw get FILE';
}

/** `constructor` is a word, too. */
function lookUp(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
