#!/usr/bin/env node
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `upyw needs Node.js 20.19 or newer; this is ${process.version}. Get it from https://nodejs.org\n`,
  );
  process.exit(2);
}
// At its end Node resets the terminal, and aborts where that has closed meanwhile (node::ResetStdio): what is gone is closed first.
const terminals = [0, 1, 2].filter((fd) => isatty(fd));
process.on('exit', () => {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
});
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
// All is closed and flushed now. Should something hold the process all the same (after a second Ctrl-C it may), it has a second.
setTimeout(() => process.exit(), 1000).unref();
