/** One step of the demo: a real command, and what must come of it. */
export interface Step {
  /** What it shows, in a line. */
  readonly say: string;
  /** The arguments after `upyw`. */
  readonly command: readonly string[];
  /** 0 unless the point is an error. */
  readonly exitCode?: number;
  /** What stdout must contain. */
  readonly prints?: string;
  /** Two files of the demo's folder that must be the same afterwards. */
  readonly same?: readonly [string, string];
}

/** The main job, in the order a newcomer does it. A later part of upyw adds its lines here. */
export const steps: readonly Step[] = [
  { say: 'What is on a new board? Nothing yet:', command: ['ls', '-l'] },
  { say: 'Copy a program to it:', command: ['put', 'hello.py'] },
  { say: 'Now it is there:', command: ['ls', '-l'], prints: 'hello.py' },
  { say: 'Run a program; what it prints comes live:', command: ['run', 'hello.py'], prints: 'tick 3' },
  { say: 'Read a file on the board:', command: ['cat', 'hello.py'], prints: 'Hello from' },
  { say: 'Run a line of Python:', command: ['exec', 'print("6 * 7 =", 6 * 7)'], prints: '6 * 7 = 42' },
  { say: 'Ask for a value:', command: ['eval', 'sum(range(101))'], prints: '5050' },
  {
    say: 'Bring the program back; it is the same, byte for byte:',
    command: ['get', 'hello.py', 'copy.py'],
    same: ['hello.py', 'copy.py'],
  },
  {
    say: 'A mistake in a program is told with its line (exit code 4):',
    command: ['run', 'oops.py'],
    exitCode: 4,
  },
  { say: 'How much space is left?', command: ['df'] },
];
