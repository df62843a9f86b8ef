import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MpyCompiler } from '../../src/mpy/compile.js';
import { describeWithPeers } from '../support/peers.js';

/** What is compiled here, on real MicroPython: it does what its source does. */

const folder = new URL('../../device/', import.meta.url);

describeWithPeers('bytecode on MicroPython', ['micropython'], () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'upyw-mpy-'));
  });
  afterAll(() => rm(cwd, { recursive: true }));

  async function put(name: string, source: Uint8Array): Promise<void> {
    const compiler = new MpyCompiler();
    try {
      await writeFile(
        join(cwd, `${name}.mpy`),
        (await compiler.compile({ name: `${name}.py`, source })) ?? '',
      );
    } finally {
      await compiler.close();
    }
  }

  it('runs, with closures, classes, generators and texts', async () => {
    const source = `
def counter(step):
    total = 0
    def add(by=1):
        nonlocal total
        total += by * step
        return total
    return add

class Pair:
    def __init__(self, *items, **more):
        self.items, self.more = items, more
    def __repr__(self):
        return "%r %r" % (self.items, sorted(self.more))

def squares(n):
    for i in range(n):
        yield i * i

add = counter(3)
add()
print(add(by=2), Pair(1, "ž🐎", a=2 ** 40), list(squares(5)), f"{1.5:.2f}", b"\\x00\\xff", 12345678901234567890)
try:
    {}["key"]
except KeyError as error:
    print(repr(error))
`;
    await put('sample', Buffer.from(source));
    await writeFile(join(cwd, 'plain.py'), source);
    const [fromBytecode, fromSource] = await Promise.all(
      ['sample', 'plain'].map((name) => execa('micropython', ['-c', `import ${name}`], { cwd })),
    );
    expect(fromBytecode?.stdout).toBe(fromSource?.stdout);
    expect(fromBytecode?.stdout).toContain(String.raw`9 (1, '\u017e\U0001f40e') ['a'] [0, 1, 4, 9, 16] 1.50`);
  });

  it("the workshop's own modules load", async () => {
    const names = (await readdir(folder))
      .filter((name) => name.endsWith('.py'))
      .map((name) => name.slice(0, -3));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) await put(name, await readFile(new URL(`${name}.py`, folder)));
    // aswitch needs nothing of a chip when it is loaded.
    const { stdout } = await execa('micropython', ['-c', 'import aswitch; print(aswitch.__file__)'], { cwd });
    expect(stdout).toBe('aswitch.mpy');
  });

  it('a traceback has the lines of the source', async () => {
    await put('fails', Buffer.from('x = 1\n\ndef f():\n    raise ValueError(x)\n\nf()\n'));
    const { stderr } = await execa('micropython', ['-c', 'import fails'], { cwd, reject: false });
    expect(stderr).toContain(
      'File "fails.py", line 6, in <module>\n  File "fails.py", line 4, in f\nValueError: 1',
    );
  });
});
