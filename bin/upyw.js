#!/usr/bin/env node
import { closeSync, readFileSync, writeSync } from 'node:fs';

// Everybody on this computer can read a command line (ps, /proc): from here on the new title takes the place of one with a password in
// it, be it a flag's, a virtual network's or that of a port's address.
if (process.argv.some((word) => /^--pass|wifi=|:\/\/[^/@]*@/.test(word))) process.title = 'upyw';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `upyw needs Node.js 20.19 or newer; this is ${process.version}. Get it from https://nodejs.org\n`,
  );
  process.exit(2);
}
if (process.argv[2] === '__complete') await answerShell(process.argv.slice(3));
else if (!saysVersion(process.argv.slice(2))) await run();

/** Somebody has pressed Tab: nothing is loaded but what is needed to answer. */
async function answerShell(words) {
  const { complete } = await import('../dist/complete.js');
  process.stdout.write(await complete(words));
}

/** `upyw --version` alone, which takes hardly longer than starting Node: no module of ours is loaded, nor a stream made. */
function saysVersion([first, ...others]) {
  if (first !== '--version' || others.length > 0) return false;
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  try {
    writeSync(1, `${version}\n`);
    return true;
  } catch {
    // A full disk, a reader that is gone: told as for every command.
    return false;
  }
}

async function run() {
  const { isatty } = await import('node:tty');
  // At its end Node resets the terminal, and aborts where that has closed meanwhile (node::ResetStdio): what is gone is closed first.
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
  // All is closed and flushed now. Should something hold the process all the same (after a second Ctrl-C it may), it has a second.
  setTimeout(() => process.exit(), 1000).unref();
}
