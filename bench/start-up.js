/** How long upyw takes to say its version and its help, against Node doing nothing. Usage: node bench/start-up.js [rounds] */
import { fileURLToPath } from 'node:url';
import { race, report } from './measure.js';

const upyw = fileURLToPath(new URL('../bin/upyw.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 20);
const results = await race(
  [
    { name: 'node -e 0', command: () => ['node', '-e', '0'] },
    { name: 'upyw --version', command: () => ['node', upyw, '--version'] },
    { name: 'upyw --help', command: () => ['node', upyw, '--help'] },
  ],
  rounds,
);
report(`start-up, best of ${rounds}`, results);
