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

/** The workshop, in the order a newcomer goes through it. A later part of upyw adds its lines here. */
export const steps: readonly Step[] = [
  {
    say: 'A chip as it comes from the shop is blank. MicroPython goes on it, and is verified:',
    command: ['flash'],
  },
  {
    say: 'Run a program from this computer; what it prints comes live:',
    command: ['run', 'hello.py'],
    prints: 'tick 3',
  },
  { say: 'Copy it to the board:', command: ['put', 'hello.py'] },
  { say: 'Now it is there:', command: ['ls', '-l'], prints: 'hello.py' },
  {
    say: 'A mistake in a program is told with its line (exit code 4):',
    command: ['run', 'oops.py'],
    exitCode: 4,
  },
  {
    say: 'Measure a voltage: 1.8 V are on GPIO34, its analog input:',
    options: 'adc34=1800',
    command: ['exec', 'from machine import ADC, Pin; print(ADC(Pin(34)).read_uv() / 1000000, "V")'],
    prints: '1.8 V',
  },
];
