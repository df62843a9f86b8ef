import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';

/** What `import` finds on the board. */
useSimFolder();

let port: Port;
let repl: ReplClient;

beforeAll(async () => {
  port = await openPort('sim:modules?unpaced');
  repl = new ReplClient(port);
  await repl.enterRaw();
});

afterAll(() => port.close());

const run = (code: string): Promise<string> => repl.output(code);

async function writeFile(name: string, text: string): Promise<void> {
  await run(`with open(${JSON.stringify(name)}, "w") as f: f.write(${JSON.stringify(text)})`);
}

describe('built-in modules', () => {
  it.each(['os', 'time', 'socket', 'machine', 'hashlib', 'binascii', 'json', 'select'])(
    '%s is the same by its name with a u in front',
    async (name) => {
      expect(await run(`import ${name}, u${name}; print(${name} is u${name})`)).toBe('True\r\n');
    },
  );

  it('have no files, and are not among the modules that were loaded', async () => {
    const code =
      'import machine, sys; print(machine, hasattr(machine, "__file__"), "machine" in sys.modules)';
    expect(await run(code)).toBe("<module 'machine'> False False\r\n");
  });

  it('are a board’s, not a browser’s', async () => {
    for (const name of ['js', 'jsffi', 'datetime', 'pathlib', 'unetwork']) {
      expect(await repl.failure(`import ${name}`)).toBe(`ImportError: no module named '${name}'`);
    }
    expect(await run('import sys; print(sys.path)')).toBe("['', '.frozen', '/lib']\r\n");
  });

  it('give way to a file of the name, but not by the name with a u in front, nor with an empty path', async () => {
    await writeFile('hashlib.py', 'mine = True');
    await writeFile('network.py', 'mine = True');
    const code = [
      'import hashlib, uhashlib, network, sys',
      'print(hasattr(hashlib, "mine"), hasattr(uhashlib, "mine"), hasattr(network, "mine"))',
      'path, sys.path = sys.path, ()',
      'import hashlib',
      'print(hasattr(hashlib, "mine"))',
      'sys.path = path; del sys.modules["hashlib"]',
    ].join('\n');
    expect(await run(code)).toBe('True False False\r\nFalse\r\n');
    await run('import os; os.remove("hashlib.py"); os.remove("network.py")');
  });

  it('use each other, not what a program has in their place', async () => {
    await writeFile('time.py', 'mine = True');
    expect(await run('import time, sys; import requests; print(time.mine)')).toBe('True\r\n');
    await run('import os; os.remove("time.py"); del sys.modules["time"]');
  });
});

describe('asyncio', () => {
  const report = 'handler ZeroDivisionError\r\n';
  const failing = [
    'import asyncio',
    'async def fail(): 1/0',
    'def handler(loop, context): print("handler", type(context["exception"]).__name__)',
    'asyncio.get_event_loop().set_exception_handler(handler)',
  ];

  it('reports the exception of a task that nobody awaits, and gives it to who awaits the task later', async () => {
    const code = [
      ...failing,
      'async def main():',
      '  task = asyncio.create_task(fail())',
      '  await asyncio.sleep(0.05)',
      '  try: await task',
      '  except ZeroDivisionError: print("caught")',
      'asyncio.run(main())',
    ].join('\n');
    expect(await run(code)).toBe(`${report}caught\r\n`);
  });

  it('has streams', async () => {
    const code = [
      'import asyncio, io',
      'print(asyncio.StreamReader is asyncio.StreamWriter)',
      'print(all(callable(each) for each in (asyncio.open_connection, asyncio.start_server)))',
    ].join('\n');
    expect(await run(code)).toBe('True\r\nTrue\r\n');
  });

  it('stays silent in a while of nothing, until a callback wakes it', async () => {
    const code = [
      'import asyncio, machine',
      'event = asyncio.ThreadSafeFlag()',
      'machine.Timer(0).init(mode=machine.Timer.ONE_SHOT, period=30, callback=lambda _: event.set())',
      'asyncio.run(event.wait()); print("woken")',
    ].join('\n');
    expect(await run(code)).toBe('woken\r\n');
  });
});

it('a digest is final', async () => {
  const code = 'import hashlib\nh = hashlib.md5(b"a"); h.digest()\nh.digest()';
  expect(await repl.failure(code)).toBe('ValueError: hash is final');
});

describe('files and streams', () => {
  it('imports from the current folder, and finds absolute names from there', async () => {
    await run('import os; os.mkdir("folder")');
    await writeFile('folder/nearby.py', 'print("nearby")');
    const code = [
      'os.chdir("folder")',
      'import nearby',
      'print(os.stat("/folder")[0], os.stat("nearby.py")[6], os.listdir("/") == os.listdir("/."))',
      'try: os.stat("/nearby.py")',
      'except OSError as error: print(error)',
      'os.chdir("/")',
    ].join('\n');
    expect(await run(code)).toBe('nearby\r\n16384 15 True\r\n[Errno 2] ENOENT\r\n');
  });

  it('takes an empty name for the current folder', async () => {
    expect(await run('print(os.stat("")[0], os.statvfs("") == os.statvfs("/"))')).toBe('16384 True\r\n');
  });

  it('has the numbers of the ESP32 for the network’s errors', async () => {
    const code =
      'import errno\ntry: raise OSError(116)\nexcept OSError as error: print(error, errno.ENOTCONN)';
    expect(await run(code)).toBe('[Errno 116] ETIMEDOUT 128\r\n');
  });

  it('polls sockets', async () => {
    const code = [
      'import select, socket',
      's = socket.socket(); p = select.poll(); p.register(s)',
      'print(p.poll(0)[0][1]); s.close(); print(p.poll(0)[0][1])',
    ].join('\n');
    expect(await run(code)).toBe('4\r\n32\r\n');
  });

  it('wants a key and a certificate that are some, and a peer that speaks TLS', async () => {
    await run('import tls, io; context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)');
    expect(await repl.failure('context.load_cert_chain(b"!", b"!")')).toBe('ValueError: invalid key');
    expect(await repl.failure('context.load_verify_locations(b"!")')).toBe('ValueError: invalid cert');
    expect(await repl.failure('context.wrap_socket(io.BytesIO())')).toMatch(/^OSError: .*CONN_EOF/);
  });

  it('refuses what machine.mem32 cannot reach', async () => {
    expect(await repl.failure('import machine; machine.mem32[2]')).toMatch(/^ValueError: address 00000002/);
    expect(await run('print(machine.mem32)')).toBe('<32-bit memory>\r\n');
  });
});
