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
  const withU = 'os time socket machine hashlib binascii json select cryptolib bluetooth'.split(' ');

  it.each(withU)('%s is the same by its name with a u in front', async (name) => {
    expect(await run(`import ${name}, u${name}; print(${name} is u${name})`)).toBe('True\r\n');
  });

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

it('exceptions have room where a program asks for it, as for an interrupt', async () => {
  const code = [
    'import micropython, machine, time',
    'print(micropython.alloc_emergency_exception_buf(100), hasattr(micropython, "pystack_use"))',
    'def full(_): bytearray(10_000_000)',
    'machine.Timer(0).init(mode=machine.Timer.ONE_SHOT, period=5, callback=full)',
    'time.sleep_ms(50)',
  ].join('\n');
  expect(await run(code)).toBe(
    [
      'None False',
      'Traceback (most recent call last):',
      '  File "<stdin>", line 3, in full',
      'MemoryError: memory allocation failed, allocating 10000016 bytes',
      '',
    ].join('\r\n'),
  );
});

describe('cryptolib', () => {
  const hex = 'from binascii import hexlify; from cryptolib import aes; key = bytes(range(16))';

  it.each([
    ['ECB, as in FIPS 197', 'aes(key, 1)', 'bytes(range(0, 256, 17))', '69c4e0d86a7b0430d8cdb78070b4c55a'],
    // NIST SP 800-38A, F.2.1: the first two blocks, in two calls.
    [
      'CBC, from one call to the next',
      'aes(b"+~\\x15\\x16(\\xae\\xd2\\xa6\\xab\\xf7\\x15\\x88\\t\\xcfO<", 2, key)',
      'b"k\\xc1\\xbe\\xe2.@\\x9f\\x96\\xe9=~\\x11s\\x93\\x17*"',
      '7649abac8119b246cee98e9b12e9197d',
    ],
  ])('has %s', async (_name, cipher, text, expected) => {
    expect(await run(`${hex}; print(hexlify(${cipher}.encrypt(${text})).decode())`)).toBe(`${expected}\r\n`);
  });

  it('takes more than one answer of the machine underneath, in one call or in many, in place too', async () => {
    const code = [
      hex,
      'text = bytes(i & 255 for i in range(5008))',
      'whole = aes(key, 2, key).encrypt(text)',
      'parts = aes(key, 2, key)',
      'again = b"".join(parts.encrypt(text[at : at + 16]) for at in range(0, 5008, 16))',
      'place = bytearray(whole); back = aes(key, 2, key)',
      'print(whole == again, back.decrypt(memoryview(place), place) is place, place == text)',
    ].join('\n');
    expect(await run(code)).toBe('True True True\r\n');
    expect(await repl.failure('back.encrypt(text)')).toBe("ValueError: can't encrypt & decrypt");
    expect(await repl.failure('aes(key, 6, key)')).toBe('ValueError: mode');
    expect(await repl.failure('aes(key, 2)')).toBe('ValueError: IV');
    expect(await repl.failure('aes(key, 1).encrypt(b"1")')).toBe('ValueError: blksize % 16');
  });
});

describe('bluetooth', () => {
  it('has names for services', async () => {
    const code = [
      'from bluetooth import UUID',
      'text = "6E400001-B5A3-F393-E0A9-E50E24DCCA9E"',
      'print(UUID(0x180F), UUID(text), bytes(UUID(0x180F)), UUID(UUID(text)) == UUID(text))',
      'print(UUID(1) == UUID(2), UUID(1) < UUID(2), {UUID(1): 3}[UUID(1)])',
    ].join('\n');
    expect(await run(code)).toBe(
      "UUID(0x180f) UUID('6e400001-b5a3-f393-e0a9-e50e24dcca9e') b'\\x0f\\x18' True\r\nFalse True 3\r\n",
    );
    expect(await repl.failure('UUID("6E4000")')).toBe('ValueError: UUID too short');
    expect(await repl.failure('UUID("no uuid")')).toBe('ValueError: invalid char in UUID');
  });

  it('has one radio, with an address of its own, where it is switched on', async () => {
    const code = [
      'from bluetooth import BLE; import machine',
      'ble = BLE(); print(ble is BLE(), ble.active())',
      'try: ble.config("mac")',
      'except OSError as error: print(error)',
      'ble.active(True); kind, mac = ble.config("mac"); mine = machine.unique_id()',
      'print(kind, mac[:5] == mine[:5], (mac[5] - mine[5]) & 255, ble.config("gap_name"), ble.config("mtu"))',
      'ble.config(gap_name="me"); print(ble.config("gap_name"))',
    ].join('\n');
    expect(await run(code)).toBe("True False\r\n[Errno 19] ENODEV\r\n0 True 2 b'MPY ESP32' 256\r\nb'me'\r\n");
  });

  it('keeps what a program offers, and finds nobody', async () => {
    const code = [
      'import time, bluetooth',
      'heard = []; ble.irq(lambda event, data: heard.append((event, data)))',
      'flags = bluetooth.FLAG_READ | bluetooth.FLAG_NOTIFY',
      '((level, other),) = ble.gatts_register_services(((UUID(0x180F), ((UUID(0x2A19), flags), (UUID(0x2A1A), 2))),))',
      'ble.gatts_write(level, b"50"); print(ble.gatts_read(level), ble.gatts_read(other), other - level)',
      'ble.gap_advertise(100_000, b"\\x02\\x01\\x06")',
      'ble.gap_scan(20); time.sleep_ms(60)',
      'ble.gap_connect(0, b"123456", 20); time.sleep_ms(60)',
      'print(heard)',
    ].join('\n');
    expect(await run(code)).toBe(
      "b'50' b'' 3\r\n[(6, ()), (8, (65535, 255, b'\\x00\\x00\\x00\\x00\\x00\\x00'))]\r\n",
    );
    expect(await repl.failure('ble.gatts_notify(0, level)')).toBe('OSError: [Errno 128] ENOTCONN');
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
