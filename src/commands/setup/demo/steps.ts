/** One step of the demo: a real command, and what must come of it. */
export interface Step {
  /** What it shows, in a line. */
  readonly say: string;
  /** The arguments after `upyw`. */
  readonly command: readonly string[];
  /** What is connected to the board, as options of its address. */
  readonly options?: string;
  /** For the command's environment; not shown, because it may be secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** 0 unless the point is an error. */
  readonly exitCode?: number;
  /** What stdout must contain. */
  readonly prints?: string;
}

/** Any would do: the virtual board's network takes all. */
export const demoPassword = 'in-the-workshop';

/** The workshop, in the order a newcomer goes through it. A later part of upyw adds its lines here. */
export const steps: readonly Step[] = [
  {
    say: 'A chip as it comes from the shop is blank. MicroPython goes on it, and is verified:',
    command: ['flash'],
  },
  {
    say: 'Wi-Fi and the clock at every boot, and the code of the workshop. (The password comes from UPYW_WIFI_PASSWORD.)',
    command: ['provision', '--ssid', 'workshop'],
    env: { UPYW_WIFI_PASSWORD: demoPassword },
    prints: 'connected',
  },
  { say: 'What is on the board now?', command: ['ls', '-l'], prints: 'boot.py' },
  {
    say: 'Blink the LED; what a program prints comes live:',
    command: ['exec', 'import io; io.blink(2, 200)'],
    prints: 'LED on pin 2: on',
  },
  {
    say: 'Run a program from this computer. This one has a mistake, which is told with its line:',
    command: ['run', 'oops.py'],
    exitCode: 4,
  },
  {
    say: 'Measure a voltage: 1.8 V are on GPIO34, the analog input:',
    options: 'adc34=1800',
    command: ['exec', 'import io; io.test_adc(1)'],
    prints: '1.800 V',
  },
];
