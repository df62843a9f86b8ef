import { afterEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';
import { Workplace } from '../support/virtual-board.js';

/** What happens where the VM itself is at its end: as on a chip, nothing is silent. */
useSimFolder();

/** Reads beyond the VM's memory. */
const crash = 'import uctypes; uctypes.bytes_at(0xfffffff0, 16)';

let port: Port | undefined;
let count = 0;

afterEach(async () => {
  await port?.close();
  port = undefined;
});

async function open(): Promise<ReplClient> {
  // A list of 100,000 lists needs more memory than a chip has.
  port = await openPort(`sim:failing${(count += 1)}?unpaced&ram=8192`);
  const repl = new ReplClient(port);
  await repl.enterRaw();
  return repl;
}

describe('a recursion that is too deep', () => {
  const tooDeep = "RuntimeError('maximum recursion depth exceeded',)\r\n";
  const tried = (code: string): string => `try:\n ${code}\nexcept RuntimeError as error: print(repr(error))`;

  it('in C is a RuntimeError, again and again, and the program goes on', async () => {
    const repl = await open();
    const code = tried("import re; re.match('(a*)*', 'aaa')");
    for (let nth = 0; nth < 5; nth += 1) expect(await repl.output(code)).toBe(tooDeep);
    await repl.output('deep = []\nfor _ in range(100000): deep = [deep]');
    expect(await repl.output(tried('repr(deep)'))).toBe(tooDeep);
    expect(await repl.output('del deep; print(1)')).toBe('1\r\n');
  });

  it('runs what is in between: finally, with, and exceptions that are caught there', async () => {
    const repl = await open();
    const code = [
      'import re',
      'def inner():',
      '  try: re.match("(a*)*", "aaa")',
      '  finally: print("finally")',
      'try: inner()',
      'except RuntimeError: print("caught")',
    ].join('\n');
    expect(await repl.output(code)).toBe('finally\r\ncaught\r\n');
  });

  it('that nobody catches is reported without the board’s own lines', async () => {
    const repl = await open();
    expect(await repl.failure("import re; re.match('(a*)*', 'aaa')")).toBe(
      'RuntimeError: maximum recursion depth exceeded',
    );
    expect(await repl.output('print(1)')).toBe('1\r\n');
  });
});

describe('a VM that crashes', () => {
  it('panics as a chip does, reboots, and is a board again', async () => {
    const repl = await open();
    await repl.output('with open("kept", "w") as f: f.write("abc")');
    await repl.start(`print("before")\n${crash}`);
    const said = await repl.until('>>> ');
    expect(said).toMatch(/^before\r\n\r\nGuru Meditation Error: Core {2}1 panic'ed \(LoadProhibited\)/);
    expect(said).toContain('Rebooting...\r\nets Jun  8 2016 00:22:57\r\n\r\nrst:0xc (SW_CPU_RESET)');
    await repl.enterRaw();
    expect(await repl.output('print(open("kept").read())')).toBe('abc\r\n');
  });

  it('is told of by sim serve, and the next client finds a board', async () => {
    const here = await Workplace.open();
    const server = here.start(['sim', 'serve', '-p', 'sim:?unpaced', '--listen', '127.0.0.1:0']);
    try {
      let said = '';
      server.stderr.on('data', (bytes) => (said += String(bytes)));
      await new Promise((resolve) => server.stdout.once('data', resolve));
      await here.run('exec', crash);
      expect((await here.run('exec', 'print(6 * 7)')).stdout).toBe('42\n');
      expect(said).toContain('VM failed and it reboots: memory access out of bounds');
    } finally {
      server.kill('SIGTERM');
      await server;
      await here.close();
    }
  });
});
