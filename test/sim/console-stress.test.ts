import { expect, it } from 'vitest';
import { useSimFolder } from '../support/sim-folder.js';
import { switchOn } from '../support/switched-on.js';

/**
 * The console's rings while Ctrl-C breaks into the VM's thread: each round it comes at another moment of a program that computes, reads and
 * writes. A ring whose counters were changed half would be silent from then on, or say something twice.
 */
useSimFolder();

const rounds = 150;
const longestGapMs = 40;

const program = `
import sys, select
poller = select.poll()
poller.register(sys.stdin, select.POLLIN)
def work():
    while True:
        for each in range(20000): pass
        for each in range(40):
            while poller.poll(0): sys.stdin.buffer.read(1)
            sys.stdout.write("abcdefg\\n")
done = 0
print("ready")
while done < ${rounds}:
    try:
        work()
    except KeyboardInterrupt:
        done += 1
        print("<%d>" % done)
`;

it('loses no Ctrl-C, and the console goes on', async (test) => {
  const { port, repl } = await switchOn('sim:stress?unpaced', test);
  await repl.start(program);
  await repl.until('ready\r\n');
  // The same numbers each time.
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
  let said = '';
  for (let round = 1; round <= rounds; round += 1) {
    // It is back where it catches it.
    said += await repl.until('abcdefg\r\n');
    await new Promise((resolve) => setTimeout(resolve, random(longestGapMs)));
    const typed = 'typed meanwhile'.slice(0, random(16));
    await port.write(new TextEncoder().encode(`${typed}\x03`));
    said += await repl.until(`<${round}>\r\n`);
  }
  const { output, error } = await repl.end();
  expect(error).toBe('');
  const lines = `${said}${output}`.split('\r\n').filter((line) => !/^<\d+>$/.test(line));
  // What Ctrl-C has cut off is the beginning of a line, and the round's number behind it.
  for (const line of lines) expect(line).toMatch(/^(?:abcdefg)?$|^a?b?c?d?e?f?g?(?:<\d+>)?$/);
  await repl.enterRaw();
  expect(await repl.output('print("there")')).toBe('there\r\n');
}, 60_000);
