import { keys } from '../../src/config/keys.js';
import { type BoardSettings, renderConfig } from '../../src/provision/render-config.js';
import { afterEach, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import { applyPlan } from '../../src/provision/apply.js';
import { type Conceal, planProvision } from '../../src/provision/plan.js';
import type { WantedFile } from '../../src/provision/planned-file.js';
import { applyUndo, planUndo } from '../../src/provision/undo.js';
import { MicroPythonPort } from '../support/micropython-port.js';
import { describeWithPeers } from '../support/peers.js';

const conceal: Conceal = (work) => work();
const bytes = (text: string) => new TextEncoder().encode(text);
const library: WantedFile = {
  path: '/wifi_and_ntp.py',
  bytes: bytes('def startup():\n    print("started")\n'),
};
const defaults = Object.fromEntries(Object.entries(keys).map(([name, entry]) => [name, entry.default]));
const config: WantedFile = {
  path: '/config.py',
  bytes: await renderConfig(defaults as BoardSettings),
  isSecret: true,
};
const open: MicroPythonPort[] = [];

async function connect(): Promise<Board> {
  const port = new MicroPythonPort();
  open.push(port);
  return Board.connect(port);
}

describeWithPeers('provisioning real MicroPython', ['micropython'], () => {
  afterEach(() => Promise.all(open.splice(0).map((port) => port.close())));

  it.each([
    ['no boot.py', undefined],
    ['an empty one', ''],
    ['CRLF, and no final line end', '# ours\r\nx = "žluťoučký"\r\ny = 1'],
    ['one that ends in a comment', 'import sys\n# import wifi_and_ntp'],
    ['one that ends in a block', 'if True:\n\tx = 1\n\t'],
  ])('%s: our lines run at its end, once, and come out again', async (_, boot) => {
    const board = await connect();
    if (boot !== undefined) await board.write('/boot.py', bytes(boot));
    const before = await board.list('/');
    for (const states of [
      ['new', 'new'],
      ['same', 'same'],
    ]) {
      const plan = await planProvision(board, [library, config], { conceal, startsWifi: true });
      expect(plan.files.map(({ state }) => state)).toEqual(states);
      await applyPlan(board, plan, {});
    }
    const printed = await board.run('import sys\nsys.path[:0] = ["/"]\nexec(open("/boot.py").read(), {})');
    expect(new TextDecoder().decode(printed).trimEnd()).toBe('started');
    await applyUndo(board, await planUndo(board, [library], { conceal }), {});
    expect(await board.list('/')).toEqual(before);
    if (boot !== undefined) expect(await board.read('/boot.py')).toEqual(bytes(boot));
  });

  it.each([
    ['print("a"\n', /^SyntaxError/],
    ['x = 1\n  y = 2\n', /^IndentationError.*line 2/],
    ["'''a text without an end\n", /^SyntaxError/],
    ['x = 1 \\', /^SyntaxError.*line 2/],
  ])('a boot.py %j could never get to our lines: it is left alone', async (boot, problem) => {
    const board = await connect();
    await board.write('/boot.py', bytes(boot));
    const planning = planProvision(board, [library], { conceal, startsWifi: true });
    await expect(planning).rejects.toMatchObject({ code: 'provision/broken-boot', exitCode: 1 });
    const { details } = (await planning.catch((error: unknown) => error)) as { details: { problem: string } };
    expect(details.problem).toMatch(problem);
    expect(await board.list('/')).toHaveLength(1);
  });
});
