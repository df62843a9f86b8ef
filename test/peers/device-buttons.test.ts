import { expect, it } from 'vitest';
import { runOnDevice } from '../support/device-code.js';
import { describeWithPeers } from '../support/peers.js';

/** What the button's or switch's functions were called for, with the moment; `levels` is what the pin shows from when on. */
async function watch(
  levels: string,
  { kind = 'Pushbutton', args = 'pin', events = 'press release double long', before = '', ms = 3000 } = {},
): Promise<string[]> {
  const { lines, errors } = await runOnDevice(
    [
      'import time, aswitch',
      'asyncio = aswitch.asyncio',
      'from machine import Pin',
      'pin = Pin(18)',
      'def say(what): print(time.elapsed(), what)',
      before,
      'async def main():',
      `    button = aswitch.${kind}(${args})`,
      `    pin.script(${levels})`,
      `    for event in '${events}'.split(): getattr(button, event + '_func')(say, (event,))`,
      `    await asyncio.sleep_ms(${ms})`,
      '    button.deinit()',
      'asyncio.run(main())',
    ].join('\n'),
  );
  expect(errors).toBe('');
  return lines;
}

const click = '(100, 0), (180, 1)';
const bouncing =
  '(100, 0), (102, 1), (105, 0), (130, 1), (133, 0), (300, 1), (301, 0), (304, 1), (320, 0), (322, 1)';
const doubleClick = '(100, 0), (180, 1), (300, 0), (380, 1)';
const hold = '(100, 0), (1600, 1)';
const suppress = { args: 'pin, suppress=True' };

describeWithPeers('aswitch on real MicroPython', ['micropython'], () => {
  it.each([
    ['a click', click, {}, ['100 press', '180 release']],
    ['bounces count once, the first edge at once', bouncing, {}, ['100 press', '300 release']],
    [
      'a double click',
      doubleClick,
      {},
      ['100 press', '180 release', '300 press', '300 double', '380 release'],
    ],
    [
      'two clicks too far apart',
      '(100, 0), (180, 1), (600, 0), (680, 1)',
      {},
      ['100 press', '180 release', '600 press', '680 release'],
    ],
    [
      'three clicks are a double and a single one',
      `${doubleClick}, (500, 0), (580, 1)`,
      {},
      ['100 press', '180 release', '300 press', '300 double', '380 release', '500 press', '580 release'],
    ],
    ['a long press, told while it lasts', hold, {}, ['100 press', '1100 long', '1600 release']],
    ['not quite a long press', '(100, 0), (1050, 1)', {}, ['100 press', '1050 release']],
    [
      'suppress: a click is told when no second one can follow',
      click,
      suppress,
      ['100 press', '500 release'],
    ],
    [
      'suppress: at once where nobody asks for double clicks',
      click,
      { ...suppress, events: 'press release long' },
      ['100 press', '180 release'],
    ],
    [
      'suppress: no release after a double click',
      doubleClick,
      suppress,
      ['100 press', '300 press', '300 double'],
    ],
    ['suppress: no release after a long press', hold, suppress, ['100 press', '1100 long']],
    [
      'suppress: held longer than a double click may take, then released',
      '(100, 0), (800, 1)',
      suppress,
      ['100 press', '800 release'],
    ],
    [
      'suppress: a double click, then a long press',
      `${doubleClick}, (900, 0), (2400, 1)`,
      suppress,
      ['100 press', '300 press', '300 double', '900 press', '1900 long'],
    ],
    [
      'a press soon after a long one is no double click',
      '(100, 0), (350, 1), (450, 0), (520, 1)',
      { before: 'aswitch.Pushbutton.long_press_ms = 200' },
      ['100 press', '300 long', '350 release', '450 press', '520 release'],
    ],
    [
      'suppress: each of two slow clicks is told',
      '(100, 0), (180, 1), (600, 0), (680, 1)',
      suppress,
      ['100 press', '500 release', '600 press', '1000 release'],
    ],
    ['a button to 3.3 V', '(100, 1), (180, 0)', { before: 'pin.level = 0' }, ['100 press', '180 release']],
    [
      'held down from the start, with sense',
      '(100, 1), (200, 0)',
      { args: 'pin, sense=1', before: 'pin.level = 0' },
      ['100 release', '200 press', '1200 long'],
    ],
    [
      'a switch',
      '(100, 0), (102, 1), (104, 0), (500, 1)',
      { kind: 'Switch', events: 'close open' },
      ['100 close', '500 open'],
    ],
    [
      'other times',
      `${doubleClick}, (900, 0), (1200, 1)`,
      {
        before: 'aswitch.Pushbutton.double_click_ms = 150; aswitch.Pushbutton.long_press_ms = 200',
      },
      ['100 press', '180 release', '300 press', '380 release', '900 press', '1100 long', '1200 release'],
    ],
    [
      'a longer debouncing',
      '(100, 0), (180, 1), (250, 0), (600, 1)',
      { before: 'aswitch.Pushbutton.debounce_ms = 200' },
      ['100 press', '600 release'],
    ],
    ['no more after deinit', '(100, 0), (180, 1)', { ms: 150 }, ['100 press']],
  ])('%s', async (_, levels, options, expected) => {
    expect(await watch(levels, options)).toEqual(expected);
  });

  const head = [
    'import time, aswitch, sys',
    'asyncio = aswitch.asyncio',
    'from machine import Pin',
    'pin = Pin(18)',
  ];

  it('takes functions and coroutine functions with arguments, and None takes them off', async () => {
    const { lines, errors } = await runOnDevice(
      [
        ...head,
        'async def later(*args):',
        '    await asyncio.sleep_ms(30)',
        '    print(time.elapsed(), args)',
        'async def main():',
        '    button = aswitch.Pushbutton(pin)',
        '    pin.script((100, 0), (200, 1), (700, 0), (800, 1))',
        '    button.press_func(later, (1, "two"))',
        '    button.release_func(print)',
        '    await asyncio.sleep_ms(500)',
        '    button.press_func(None)',
        '    button.release_func(None)',
        '    await asyncio.sleep_ms(500)',
        '    print("end")',
        'asyncio.run(main())',
      ].join('\n'),
    );
    expect([lines, errors]).toEqual([["130 (1, 'two')", '', 'end'], '']);
  });

  it('goes on when a function raises', async () => {
    const { lines, errors } = await runOnDevice(
      [
        ...head,
        'def fail(): raise ValueError("mine")',
        'async def main():',
        '    button = aswitch.Pushbutton(pin)',
        '    pin.script((100, 0), (200, 1))',
        '    button.press_func(fail)',
        '    button.release_func(print, ("released",))',
        '    await asyncio.sleep_ms(500)',
        'asyncio.run(main())',
      ].join('\n'),
    );
    expect([lines.filter((line) => !line.startsWith('  File')), errors]).toEqual([
      ['Traceback (most recent call last):', 'ValueError: mine', 'released'],
      '',
    ]);
  });

  it('tells the debounced state when it is called, the state of the moment by rawstate()', async () => {
    const { lines } = await runOnDevice(
      [
        ...head,
        'async def main():',
        '    button, switch = aswitch.Pushbutton(pin), aswitch.Switch(pin)',
        '    pin.script((100, 0), (110, 1), (145, 0), (500, 1))',
        '    for ms in (50, 70, 380, 100):',
        '        await asyncio.sleep_ms(ms)',
        '        print(time.elapsed(), button(), button.rawstate(), switch())',
        'asyncio.run(main())',
      ].join('\n'),
    );
    expect(lines).toEqual(['50 False False 1', '120 True False 0', '500 True False 0', '600 False False 1']);
  });

  it('works with the uasyncio of older firmware', async () => {
    const { lines, errors } = await runOnDevice(
      [
        'import sys',
        'try:',
        '    import asyncio',
        "    sys.modules['uasyncio'] = sys.modules.pop('asyncio')",
        "    with open('asyncio.py', 'w') as file: file.write('raise ImportError')",
        'except ImportError:',
        '    pass',
        ...head,
        'async def main():',
        '    button = aswitch.Pushbutton(pin)',
        '    pin.script((100, 0),)',
        '    button.press_func(print, ("pressed",))',
        '    await asyncio.sleep_ms(200)',
        'asyncio.run(main())',
      ].join('\n'),
    );
    expect([lines, errors]).toEqual([['pressed'], '']);
  });
});
