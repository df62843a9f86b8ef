/** Writes one file on a virtual board again and again, until it is killed. */
import { Buffer } from 'node:buffer';
import { openPort } from 'upyw';

const port = await openPort(process.argv[2]);
let said = '';
port.subscribe({
  data: (bytes) => {
    said += Buffer.from(bytes).toString('latin1');
    if (said.includes('once')) process.send?.('writing');
    said = said.slice(-3);
  },
  close: () => undefined,
});
const code = [
  'n = 0',
  'while True:',
  '  with open("new", "wb") as f: f.write(bytes([n & 255]) * 9000)',
  '  import os; os.rename("new", "file")',
  '  n += 1',
  '  if n == 1: print("on" + "ce")',
].join('\n');
await port.write(Buffer.from(`\r\x03\x01${code}\x04`));
