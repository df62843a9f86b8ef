import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderConfig } from '../../src/provision/render-config.js';
import { describeWithPeers } from '../support/peers.js';
import { anySettings, dumper, expectedDump, readDump } from '../support/random-settings.js';

describeWithPeers('config.py in real MicroPython', ['micropython'], () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upyw-config-py-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('sets exactly the values it was made from, whatever text they are', async () => {
    const property = fc.asyncProperty(fc.array(anySettings, { minLength: 1, maxLength: 60 }), async (all) => {
      for (const [index, settings] of all.entries()) {
        await writeFile(join(folder, `${index}.py`), await renderConfig(settings));
      }
      const program = `${dumper}\nfor i in range(${all.length}):\n    dump(open("%d.py" % i).read())\n`;
      const { stdout } = await execa('micropython', ['-c', program], { cwd: folder });
      expect(stdout.split('\n').map(readDump)).toEqual(all.map(expectedDump));
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
