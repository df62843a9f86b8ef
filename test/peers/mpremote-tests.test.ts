import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';

/** mpremote's own tests (tools/mpremote/tests), as they come, on a virtual board that is served over a pseudo-terminal. */
/** Which of them fail, and why. What is mended goes out of here; nothing else comes in. */
const expectedFailures: Readonly<Record<string, string>> = {
  'test_resume.sh': 'its last step looks for a board by itself, and a pseudo-terminal is in no list of ports',
};

const timeoutMs = 5 * 60_000;

describeWithPeers('mpremote’s own tests', ['micropython-source', 'peer-python'], () => {
  it(
    'fail where the list says so, and nowhere else',
    async () => {
      const { stdout: source } = await execa('micropython-source');
      const folder = join(source, 'tools/mpremote/tests');
      const { stdout: scripts } = await execa('find', [folder, '-name', 'test_*.sh', '-printf', '%f\\n']);
      const board = await ServedBoard.start('sim:?unpaced', '--pty');
      const failed: string[] = [];
      try {
        for (const script of scripts.split('\n').sort())
          if (!(await passes(folder, script, board.ptyPath ?? ''))) failed.push(script);
      } finally {
        await board.stop();
      }
      expect(failed).toEqual(Object.keys(expectedFailures));
    },
    timeoutMs,
  );
});

/** What run-mpremote-tests.sh does with one of them; the port is named, since mpremote finds USB ports only. */
async function passes(folder: string, script: string, port: string): Promise<boolean> {
  const temporary = mkdtempSync(join(tmpdir(), 'upyw-mpremote-'));
  const mpremote = `peer-python ${join(folder, '../mpremote.py')} connect ${port}`;
  // What is expected has the order of a Python that buffers.
  const env = { MPREMOTE: mpremote, TMP: temporary, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '' };
  try {
    const { all } = await execa('bash', [join(folder, script)], {
      env,
      reject: false,
      all: true,
      stripFinalNewline: false,
    });
    const said = all.replaceAll('\r', '').replaceAll(temporary, '${TMP}');
    return said === readFileSync(join(folder, `${script}.exp`), 'utf8');
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
