#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `upyw needs Node.js 20.19 or newer; this is ${process.version}. Get it from https://nodejs.org\n`,
  );
  process.exit(2);
}
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
// All is closed and flushed now. Should something hold the process all the same (after a second Ctrl-C it may), it has a second.
setTimeout(() => process.exit(), 1000).unref();
