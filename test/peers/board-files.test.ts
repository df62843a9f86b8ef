import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { Workplace } from '../support/virtual-board.js';

/** Of the virtual board's partition table. */
const filesOffset = 0x200000;

const onImage = `
import os
class Image:
    def __init__(self, path):
        self.file = open(path, 'r+b')
        self.count = self.file.seek(0, 2) // 4096
    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * 4096 + offset)
        self.file.readinto(buffer)
    def writeblocks(self, block, buffer, offset=None):
        if offset is None:
            self.ioctl(6, block)
            offset = 0
        self.file.seek(block * 4096 + offset)
        self.file.write(buffer)
    def ioctl(self, op, arg):
        if op == 4: return self.count
        if op == 5: return 4096
        if op == 6:
            self.file.seek(arg * 4096)
            self.file.write(b'\\xff' * 4096)
            return 0
image = Image('files.bin')
`;

describeWithPeers("the virtual board's files and real MicroPython", ['micropython'], () => {
  let here: Workplace;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upyw-files-'));
    here = await Workplace.open();
  });
  afterAll(async () => {
    await here.close();
    await rm(folder, { recursive: true });
  });

  async function unix(code: string): Promise<string> {
    await writeFile(join(folder, 'run.py'), onImage + code);
    const { stdout } = await execa('micropython', ['run.py'], { cwd: folder });
    return stdout;
  }

  const board = ['-p', 'sim:shared?unpaced'];
  const content = Uint8Array.from({ length: 30_000 }, (_, index) => index >> 2);

  it('what the board has written opens there, with names, contents and times', async () => {
    await writeFile(here.path('large.bin'), content);
    await here.ok('put', ...board, 'large.bin');
    await here.ok('mkdir', '-p', ...board, 'lib/ž');
    await here.ok('exec', ...board, "with open('lib/ž/a.py', 'w') as f: f.write('x = 1\\n')");
    await here.ok('backup', ...board, 'backup.bin');
    await writeFile(
      join(folder, 'files.bin'),
      (await readFile(here.path('backup.bin'))).subarray(filesOffset),
    );
    const seen = await unix(`
os.mount(os.VfsLfs2(image, readsize=32, progsize=32, lookahead=32), '/board')
os.chdir('/board')
print(sorted(os.listdir()), sorted(os.listdir('lib/ž')), open('lib/ž/a.py').read() == 'x = 1\\n')
data = open('large.bin', 'rb').read()
print(len(data), all(data[i] == (i >> 2) & 255 for i in range(len(data))), os.stat('lib/ž/a.py')[8] >= 946684800)
`);
    expect(seen).toBe("['boot.py', 'large.bin', 'lib'] ['a.py'] True\n30000 True True");
  });

  it('what it has written there runs on the board', async () => {
    await unix(`
os.VfsLfs2.mkfs(image, readsize=32, progsize=32, lookahead=32)
os.mount(os.VfsLfs2(image, readsize=32, progsize=32, lookahead=32), '/board')
os.mkdir('/board/lib')
with open('/board/lib/mine.py', 'w') as f: f.write('def hello(): return "from there"\\n' + '# ' + 'x' * 9000)
with open('/board/main.py', 'w') as f: f.write('import mine\\nsaid = mine.hello()\\n')
os.umount('/board')
image.file.close()
`);
    const backup = await readFile(here.path('backup.bin'));
    backup.set(await readFile(join(folder, 'files.bin')), filesOffset);
    await writeFile(here.path('made.bin'), backup);
    await here.ok('restore', '-y', ...board, 'made.bin');
    const code = 'import machine, os, mine; print(mine.hello(), sorted(os.listdir()))';
    expect(await here.ok('exec', ...board, code)).toBe("from there ['lib', 'main.py']\n");
    await here.ok('exec', ...board, "with open('more', 'w') as f: f.write('1' * 5000)");
    expect(await here.ok('ls', '-R', ...board)).toBe('lib/\nlib/mine.py\nmain.py\nmore\n');
    await here.ok('backup', ...board, 'again.bin');
    expect(await here.ok('ls', '-R', '-p', 'image:again.bin')).toBe('lib/\nlib/mine.py\nmain.py\nmore\n');
  });
});
