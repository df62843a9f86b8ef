import { it } from 'vitest';
import { useSimFolder } from '../support/sim-folder.js';
import { switchOn } from '../support/switched-on.js';

useSimFolder();

const ticking = `
import machine, time
def busy(_):
    for each in range(400): pass
timer = machine.Timer(0, period=1, callback=busy)
print("running")
while True: time.sleep_ms(20)
`;

it('Ctrl-C that comes within a timer’s callback ends the program', async (test) => {
  const { repl } = await switchOn('sim:ticking?unpaced', test);
  for (let round = 0; round < 30; round += 1) {
    await repl.start(ticking);
    await repl.until('running');
    await repl.send('\x03');
    await repl.until('KeyboardInterrupt');
    await repl.until('\x04>');
    await repl.output('timer.deinit()');
  }
});
