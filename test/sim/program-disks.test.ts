import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';
import { switchOn } from '../support/switched-on.js';

/** File systems that a program has made, on block devices in Python: MicroPython's and mpremote's own tests judge them in test/peers. */
useSimFolder();

const ramDisk = `
import os, vfs
class Disk:
    fails = None
    def __init__(self, blocks):
        self.data = bytearray(blocks * 512)
    def readblocks(self, block, buffer, offset=0):
        if self.fails:
            raise self.fails
        at = block * 512 + offset
        buffer[:] = self.data[at : at + len(buffer)]
    def writeblocks(self, block, buffer, offset=0):
        at = block * 512 + offset
        self.data[at : at + len(buffer)] = buffer
    def ioctl(self, what, argument):
        if what == 4:
            return len(self.data) // 512
        if what == 5:
            return 512
        if what == 6:
            return 0
`;

let port: Port;
let repl: ReplClient;

beforeAll(async () => {
  port = await openPort('sim:disks?unpaced');
  repl = new ReplClient(port);
  await repl.enterRaw();
  await repl.output(ramDisk);
});

afterAll(() => port.close());

const run = (code: string): Promise<string> => repl.output(code);

describe.each(['VfsFat', 'VfsLfs2'])('os.%s on 50 blocks of memory', (kind) => {
  it('has files, folders and a place in the tree', async () => {
    const code = `
disk = Disk(50)
os.${kind}.mkfs(disk)
os.mount(os.${kind}(disk), "/ram")
os.mkdir("/ram/lib")
with open("/ram/lib/a.py", "w") as file:
    file.write("value = 42\\n" * 300)
os.chdir("/ram/lib")
import sys
sys.path.append("/ram/lib")
import a
print(os.listdir("/ram"), a.value, os.stat("a.py")[6], os.getcwd())
os.chdir("/")
os.rename("/ram/lib/a.py", "/ram/b.py")
print(sorted(os.listdir("/ram")), os.listdir("/ram/lib"), "ram" in os.listdir("/"))`;
    expect(await run(code)).toBe("['lib'] 42 3300 /ram/lib\r\n['b.py', 'lib'] [] True\r\n");
  });

  it('is mounted again from its blocks, by what is in them', async () => {
    await run('os.umount("/ram"); os.mount(disk, "/again")');
    const code = 'print(os.mount()[0][0].__class__.__name__, os.stat("/again/b.py")[6]); os.umount("/again")';
    expect(await run(code)).toBe(`${kind} 3300\r\n`);
  });

  it('raises what its device raises, and goes on', async () => {
    const code = `
again = os.${kind}(disk)
disk.fails = ValueError("loose contact")
try:
    os.${kind}(disk)
except Exception as error:
    print(repr(error))
disk.fails = None
print(os.${kind}(disk).stat("b.py")[6])`;
    expect(await run(code)).toBe("ValueError('loose contact',)\r\n3300\r\n");
  });

  it('is full where its blocks are, and holds what fitted', async () => {
    const code = `
os.mount(disk, "/ram")
try:
    with open("/ram/large", "wb") as file:
        while True:
            file.write(bytes(512))
except OSError as error:
    print(error.errno)
os.remove("/ram/large")
with open("/ram/b.py") as file:
    print(len(file.read()))
os.umount("/ram")`;
    expect(await run(code)).toBe('28\r\n3300\r\n');
  });
});

it('a device that makes memory grow meanwhile loses no byte', async (context) => {
  const { repl: large } = await switchOn('sim:large?unpaced&ram=1024', context);
  const code = `${ramDisk}
disk = Disk(400)
os.VfsFat.mkfs(disk)
os.mount(disk, "/ram")
text = b"0123456789abcdef" * 4096
with open("/ram/a", "wb") as file:
    file.write(text)
plain = Disk.readblocks
refused = 0
def hungry(self, block, buffer, offset=0):
    global refused
    try:
        bytearray(20000000)
    except MemoryError:
        refused += 1
    plain(self, block, buffer, offset)
with open("/ram/a", "rb") as file:
    Disk.readblocks = hungry
    got = file.read(50000)
print(refused > 0, got == text[:50000])`;
  expect(await large.output(code)).toBe('True True\r\n');
});
