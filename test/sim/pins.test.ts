import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterSignal } from '../support/systems.js';
import { Workplace } from '../support/virtual-board.js';

const device = fileURLToPath(new URL('../../device/', import.meta.url));

/** Pins of a board under `upyw sim serve`, worked from another terminal. */
describe('the pins of a board that is served', { timeout: 30_000 }, () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: 'unpaced&adc36=1000', inTest: true });
    const files = readdirSync(device).filter((name) => name.endsWith('.py'));
    await here.ok('put', ...files.map((name) => `${device}${name}`));
  });
  afterAll(() => here.close());

  /**
   * Runs a program; `act` happens once it has printed `when`. With `until` it is interrupted when it has printed that as well.
   * @returns what it printed after `when`
   */
  async function during(
    code: string,
    when: string,
    act: () => Promise<unknown>,
    until?: string,
  ): Promise<string> {
    const program = here.start(['exec', code]);
    let said = '';
    const hears = (text: string, after = '') =>
      new Promise<void>((resolve) => {
        program.stdout.on('data', () => {
          if (said.slice(said.indexOf(after) + after.length).includes(text)) resolve();
        });
      });
    program.stdout.on('data', (bytes) => (said += String(bytes)));
    await Promise.race([hears(when), program]);
    const end = until === undefined ? undefined : hears(until, when);
    await act();
    if (end !== undefined) {
      await Promise.race([end, program]);
      program.kill('SIGINT');
    }
    const { stdout, stderr, exitCode } = await program;
    if (exitCode !== (until === undefined ? 0 : afterSignal(130))) throw new Error(stderr);
    return stdout.slice(stdout.indexOf(when) + when.length).trim();
  }

  const tap = (gpio: string, ms: string) => here.ok('sim', 'pin', gpio, 'low', '--for', ms);

  it('interrupt a program that waits, and one that computes without a pause', async () => {
    const code = (wait: string) =>
      'from machine import Pin\nimport time\nseen = []\nb = Pin(12, Pin.IN, Pin.PULL_UP)\n' +
      `b.irq(lambda p: seen.append(p.value()))\nprint("ready")\nwhile len(seen) < 2: ${wait}\nb.irq(None)\nprint(seen)`;
    for (const wait of ['time.sleep(1)', 'pass', 'b.value()', 'time.ticks_ms()']) {
      const said = await during(code(wait), 'ready', () => tap('12', '100'));
      expect(said, wait).toBe('[0, 1]');
    }
  });

  it('are seen by asyncio, and set its flags', async () => {
    const code =
      'import asyncio\nfrom machine import Pin\nflag = asyncio.ThreadSafeFlag()\nb = Pin(12, Pin.IN, Pin.PULL_UP)\n' +
      'b.irq(lambda p: flag.set(), Pin.IRQ_FALLING)\nasync def main():\n  try:\n    await asyncio.wait_for_ms(flag.wait(), 20)\n' +
      '  except asyncio.TimeoutError: print("timeout")\n  print("ready")\n  await flag.wait()\n  b.irq(None)\n  print("flag")\nasyncio.run(main())';
    expect(await during(code, 'ready', () => tap('12', '20'))).toBe('flag');
  });

  it('show what the program drives', async () => {
    await here.ok(
      'exec',
      'from machine import Pin, PWM, DAC\nled = Pin(2, Pin.OUT, value=1)\npwm = PWM(Pin(13), freq=50, duty_u16=4915)',
    );
    expect(await here.ok('sim', 'pin', '2')).toBe('GPIO2: output, high\n');
    expect(JSON.parse(await here.ok('sim', 'pin', '13', '--json'))).toMatchObject({
      ok: true,
      gpio: 13,
      mode: 'pwm',
      pwm: { frequencyHz: 50, dutyPercent: 7.5 },
    });
    expect(await here.ok('sim', 'pin', '2', 'low')).toContain('short circuit');
    expect(await here.ok('eval', 'led.value()')).toBe('1\n');
    await here.ok('sim', 'pin', '2', 'release');
    expect(await here.ok('sim', 'pin')).toMatch(
      /^GPIO2: output, high\nGPIO12: .*\nGPIO13: PWM.*\nGPIO36: .*1000 mV connected\n$/,
    );
    await here.ok('reset', '--soft');
    expect(await here.ok('sim', 'pin', '2'), 'a soft reset leaves outputs').toBe('GPIO2: output, high\n');
    expect(await here.ok('sim', 'pin', '13')).toContain('not used');
    await here.ok('reset');
    expect(await here.ok('sim', 'pin', '2')).toBe('GPIO2: not used by the program, low\n');
  });

  it('measure the voltage that is put on them', async () => {
    const code =
      'from machine import ADC\na = ADC(36)\nprint(a.read(), a.read_u16(), a.read_uv(), ADC(36, atten=ADC.ATTN_0DB).read())';
    expect(await here.ok('exec', code)).toBe('1065 17044 1000000 3930\n');
    expect(await here.ok('sim', 'adc', '36', '1800')).toBe('GPIO36: analog input; 1800 mV connected\n');
    expect(await here.ok('exec', code)).toBe('2058 32936 1800000 4095\n');
    await here.ok('sim', 'adc', '36', 'release');
    expect(await here.ok('exec', 'print(ADC(36).read_uv())')).toBe('1650000\n');
    const adc2 =
      'import network\nw = network.WLAN(); w.active(True)\ntry: ADC(26).read()\nexcept OSError as e: print(e.errno)\nw.active(False); print(ADC(26).read() > 0)';
    expect(await here.ok('exec', adc2)).toBe('116\nTrue\n');
  });

  it('leave the board to whoever has its port', async () => {
    const code =
      'from machine import Pin\nb = Pin(12, Pin.IN, Pin.PULL_UP)\nprint("ready")\nwhile b.value(): pass\nprint("mine")';
    const said = await during(code, 'ready', async () => {
      expect(await here.failure('ls')).toMatchObject({ code: 'port/busy' });
      await here.ok('sim', 'pin', '12', 'low');
    });
    await here.ok('sim', 'pin', '12', 'release');
    expect(said).toBe('mine');
  });

  it('are not for who cannot read the lock file', async () => {
    const lock = JSON.parse(readFileSync(here.path('.boards', 'default', 'lock.json'), 'utf8')) as {
      attach: { port: number; token: string };
    };
    const { port, token } = lock.attach;
    for (const guess of [token.replace(/^./, (char) => (char === '0' ? '1' : '0')), '', null]) {
      const body = Buffer.from(JSON.stringify({ token: guess, gpios: [14], connect: 3300 }));
      const head = Buffer.alloc(5, 8);
      head.writeUInt32LE(body.length, 1);
      const stranger = connect(port, '127.0.0.1').end(Buffer.concat([head, body]));
      let heard = 0;
      stranger.on('data', (bytes) => (heard += bytes.length));
      await once(stranger, 'close');
      expect(heard).toBe(0);
    }
    expect(await here.ok('sim', 'pin', '14')).toBe('GPIO14: not used by the program, low\n');
  });

  it('are worked for the demos of the workshop', async () => {
    expect(await here.ok('exec', 'import io; io.blink(1, 10)')).toBe('LED on pin 2: on\nLED on pin 2: off\n');
    const button = (gpio: number, what: string) => `button on pin ${gpio}: ${what}`;
    const [pressed, released] = [button(18, 'pressed'), button(18, 'released')];
    const blocking = 'import io; io.test_blocking_input()';
    const seen = await during(blocking, button(19, 'released'), () => tap('18', '400'), released);
    expect(seen).toBe(`${pressed}\n${released}`);
    const interrupt = button(19, 'interrupt');
    const irq = 'import io; io.test_non_blocking_irq()';
    expect(await during(irq, 'tick', () => tap('19', '20'), interrupt)).toContain(interrupt);
    const long = button(18, 'long-pressed');
    const tasks = 'import io; io.test_non_blocking_asyncio()';
    expect(await during(tasks, 'tick', () => tap('18', '1200'), long)).toContain(pressed);
    await here.ok('sim', 'adc', '34', '2500');
    expect(await here.ok('exec', 'import io; io.test_adc(0.1)')).toBe('pin 34: raw 2927, 2.500 V\n');
  });

  it.each([
    [['pin', '6', 'low'], 'sim/bad-pin', 2],
    [['adc', '5', '100'], 'sim/bad-pin', 2],
    [['adc', '36', '4000'], 'usage/bad-value', 2],
    [['pin', '12', 'up'], 'usage/bad-value', 2],
    [['pin', '12', '--for', '100'], 'usage/arguments', 2],
    [['pin', '12', 'low', '--for', 'ever'], 'usage/bad-value', 2],
    [['pin', '12', 'low', '-p', 'sim:other'], 'sim/not-served', 3],
    [['adc', '36', '-p', 'COM3'], 'usage/bad-value', 2],
  ] as const)('refuse upyw sim %j', async (args, code, exitCode) => {
    const failure = await here.failure('sim', ...args);
    expect(failure).toMatchObject({ code, exitCode });
    if (code === 'sim/not-served') expect(failure.hint).toContain('-p sim:default');
  });
});

describe('the pins of a board that is not served', () => {
  it('begin as its address says', async () => {
    const here = await Workplace.open();
    try {
      const code =
        'from machine import Pin, ADC; print(Pin(12, Pin.IN, Pin.PULL_UP).value(), ADC(36).read_uv())';
      const port = 'sim:?unpaced&pin12=low&adc36=1800';
      expect(await here.ok('-p', port, 'exec', code)).toBe('0 1800000\n');
      for (const option of ['pin12=on', 'adc36=x', 'pin99=low', 'pin6=low', 'adc5=1'])
        expect((await here.failure('-p', `sim:?${option}`, 'ls')).exitCode, option).toBe(2);
      const { hint } = await here.failure('sim', 'pin', '12', 'low');
      expect(hint).toContain('upyw sim serve');
    } finally {
      await here.close();
    }
  });
});
