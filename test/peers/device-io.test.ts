import { expect, it } from 'vitest';
import { runOnDevice } from '../support/device-code.js';
import { describeWithPeers } from '../support/peers.js';

async function demo(code: string | string[], files: Record<string, string> = {}): Promise<string[]> {
  const { lines, errors } = await runOnDevice([code].flat().join('\n'), files);
  expect(errors).toBe('');
  return lines;
}

const head = ['import io, time, machine', 'from machine import Pin'];

describeWithPeers('io on real MicroPython', ['micropython'], () => {
  it('is what `import io` finds, and has all of the built-in one', async () => {
    const lines = await demo([
      'import io, uio, sys',
      "print(io.__file__.split('/')[-1])",
      "print([name for name in dir(uio) if name[0] != '_' and getattr(io, name, 0) is not getattr(uio, name)])",
      "print(io.StringIO('text').read(), io.BytesIO(b'bytes').read())",
      'class Sink(io.IOBase):',
      '    def write(self, data):',
      '        taken.append(bytes(data))',
      '        return len(data)',
      'taken = []',
      "print('abc', file=Sink())",
      "print(b''.join(taken))",
      "with io.open('note.txt', 'w') as file:",
      "    file.write('kept')",
      "print(io.open('note.txt').read())",
      'traceback = io.StringIO()',
      'try:',
      '    1 / 0',
      'except ZeroDivisionError as error:',
      '    sys.print_exception(error, traceback)',
      "print(traceback.getvalue().split('\\n')[-2])",
    ]);
    expect(lines).toEqual([
      'io.py',
      '[]',
      "text b'bytes'",
      "b'abc\\n'",
      'kept',
      'ZeroDivisionError: divide by zero',
    ]);
  });

  it('asyncio and requests work with it', async () => {
    const lines = await demo([
      'from aswitch import asyncio',
      'import api_test, io, json',
      'async def main():',
      '    flag = asyncio.ThreadSafeFlag()',
      "    print(isinstance(flag, io.IOBase), hasattr(io, 'blink'))",
      'asyncio.run(main())',
      "print(json.load(io.StringIO('[1]')))",
    ]);
    expect(lines).toEqual(['True True', '[1]']);
  });

  it('imports nothing until a demo is called: a program without pins has it as well', async () => {
    const lines = await demo(
      ['import io, sys', "print('machine' in sys.modules, 'config' in sys.modules, io.StringIO('x').read())"],
      { 'machine.py': 'raise ImportError("no pins here")' },
    );
    expect(lines).toEqual(['False False x']);
  });

  it('blink switches the LED on and off, and leaves it off', async () => {
    const lines = await demo([...head, 'io.blink(2, 300)', 'print(Pin(2).set)']);
    expect(lines).toEqual([
      'LED on pin 2: on',
      'LED on pin 2: off',
      'LED on pin 2: on',
      'LED on pin 2: off',
      '[(0, 1), (300, 0), (600, 1), (900, 0), (1200, 0)]',
    ]);
    const interrupted = await demo([
      ...head,
      'def stop(): raise KeyboardInterrupt',
      'time.at(100, stop)',
      'try:',
      '    io.blink()',
      'except KeyboardInterrupt:',
      '    print(Pin(2).set)',
    ]);
    expect(interrupted).toEqual(['LED on pin 2: on', '[(0, 1), (100, 0)]']);
  });

  it('test_blocking_input tells what it sees ten times a second', async () => {
    const lines = await demo([
      ...head,
      'Pin(18).script((310, 0), (620, 1), (710, 0), (740, 1))',
      'Pin(19).script((950, 0),)',
      'io.test_blocking_input(2)',
      'print(time.elapsed())',
    ]);
    expect(lines).toEqual([
      'button on pin 18: released',
      'button on pin 19: released',
      'button on pin 18: pressed',
      'button on pin 18: released',
      'button on pin 19: pressed',
      '2000',
    ]);
  });

  it('test_non_blocking_irq counts on while buttons interrupt it, bounces once, and takes its handlers off', async () => {
    const lines = await demo([
      ...head,
      'Pin(18).script((1300, 0), (1303, 1), (1306, 0), (1500, 1), (1800, 0))',
      'Pin(19).script((1400, 0),)',
      'io.test_non_blocking_irq(3)',
      'print(Pin(18).handler, Pin(19).handler)',
    ]);
    expect(lines).toEqual([
      'tick',
      'tock',
      'button on pin 18: interrupt',
      'button on pin 19: interrupt',
      'button on pin 18: interrupt',
      'tick',
      'None None',
    ]);
  });

  it('test_non_blocking_asyncio tells clicks apart, and can be called again', async () => {
    const lines = await demo([
      ...head,
      'Pin(18).script((100, 0), (180, 1), (300, 0), (380, 1), (1100, 0), (2500, 1))',
      'Pin(19).script((3100, 0), (3200, 1))',
      'io.test_non_blocking_asyncio(3)',
      'io.test_non_blocking_asyncio(1)',
    ]);
    expect(lines).toEqual([
      'tick',
      ...['pressed', 'pressed', 'double-clicked'].map((what) => `button on pin 18: ${what}`),
      'tock',
      'button on pin 18: pressed',
      'tick',
      'button on pin 18: long-pressed',
      'tick',
      'button on pin 19: pressed',
      'button on pin 19: released',
    ]);
  });

  it('read_adc gives the count and the voltage, test_adc prints them', async () => {
    const lines = await demo([
      ...head,
      'machine.volts = 1.5',
      'print(io.read_adc())',
      'io.test_adc(1, 32)',
      'machine.wifi_uses_adc2 = True',
      'try:',
      '    io.read_adc(26)',
      'except OSError as error:',
      '    print(error)',
    ]);
    expect(lines).toEqual([
      '(1861, 1.5)',
      'pin 32: raw 1861, 1.500 V',
      'pin 32: raw 1861, 1.500 V',
      'pin 26 does not read while Wi-Fi is on; pins 32 to 39 do',
      'ESP_ERR_TIMEOUT',
    ]);
  });

  it('takes the pins from config.py', async () => {
    const lines = await demo(
      [
        ...head,
        'Pin(32).script((100, 0),)',
        'io.blink(1, 100)',
        'io.test_adc(0.5)',
        'io.test_blocking_input(0.2)',
        'print(sorted(machine._pins))',
      ],
      { 'config.py': 'pin_led = 4\npin_btn1 = 32\npin_btn2 = 33\npin_adc = 35' },
    );
    expect(lines).toEqual([
      'LED on pin 4: on',
      'LED on pin 4: off',
      'pin 35: raw 2047, 1.650 V',
      'button on pin 32: pressed',
      'button on pin 33: released',
      '[4, 32, 33, 35]',
    ]);
  });
});
