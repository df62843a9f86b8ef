import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';

const apiTest = fileURLToPath(new URL('../../device/api_test.py', import.meta.url));
const online =
  'import network, requests, socket, time\nw = network.WLAN(); w.active(True); w.connect("any")\nwhile not w.isconnected(): time.sleep_ms(10)';

describe('the internet inside the virtual board', () => {
  useSimFolder();
  let port: Port;
  let repl: ReplClient;
  beforeEach(async () => {
    port = await openPort('sim:?unpaced');
    repl = new ReplClient(port);
    await repl.enterRaw();
  });
  afterEach(() => port.close());

  it('is not there without Wi-Fi', async () => {
    await repl.output('import requests, urequests, socket, ssl, tls');
    expect(await repl.failure('requests.get("http://api.example/posts/1")')).toBe('OSError: -202');
    expect(await repl.failure('socket.socket().connect(("192.0.2.1", 80))')).toBe(
      'OSError: [Errno 118] EHOSTUNREACH',
    );
    expect(await repl.failure('socket.socket().send(b"x")')).toBe('OSError: [Errno 128] ENOTCONN');
  });

  it('answers GET, POST and PUT with JSON, over https too', async () => {
    await repl.output(online);
    const get =
      'r = requests.get("https://api.example/get?a=1", headers={"X-Key": "v"}, timeout=5)\nd = r.json()\n' +
      'print(r.status_code, r.reason, r.headers["Content-Type"], d["url"], d["args"], d["headers"]["x-key"], r.raw)';
    expect(await repl.output(get)).toBe(
      "200 b'OK' application/json; charset=utf-8 https://api.example/get {'a': '1'} v None\r\n",
    );
    expect(
      await repl.output(
        'r = requests.post("http://api.example/posts", json={"n": "\\u017e"}); print(r.status_code, r.text)',
      ),
    ).toBe('201 {"n":"ž","id":101}\r\n'.replace('ž', '\u00c5\u00be'));
    expect(
      await repl.output(
        'with requests.put("http://api.example:8080/posts/3", data=b"{}") as r: print(r.content)',
      ),
    ).toBe('b\'{"id":3}\'\r\n');
    expect(await repl.failure('requests.get("http://api.example:81/")')).toBe(
      'OSError: [Errno 104] ECONNRESET',
    );
    expect(await repl.failure('requests.get("http://api.invalid/")')).toBe('OSError: -202');
    expect(await repl.failure('requests.get("ftp://api.example/")')).toBe(
      'ValueError: Unsupported protocol: ftp:',
    );
  });

  it('ends at ten open sockets; what is closed, forgotten or lost in a reset counts no more', async () => {
    await repl.output(online);
    const hoard =
      'kept = []\ntry:\n  while True: kept.append(requests.get("http://api.example/posts/1"))\nexcept OSError as e: print(len(kept), e.errno)';
    expect(await repl.output(hoard)).toBe('10 23\r\n');
    expect(await repl.output(`for r in kept: r.close()\n${hoard}`)).toBe('10 23\r\n');
    await repl.output('del kept, r; import gc; gc.collect()');
    await repl.output('1');
    expect(await repl.output(hoard)).toBe('10 23\r\n');
    await repl.ask('\x04', 'CTRL-B to exit\r\n>');
    expect(await repl.output(`import requests\n${hoard}`)).toBe('10 23\r\n');
  });

  it('is reached by sockets as well, which wait as long as they are told', async () => {
    await repl.output(online);
    const raw =
      's = socket.socket(); s.connect(socket.getaddrinfo("api.example", 80)[0][-1])\ns.write(b"GET /status/204 HTTP/1.0\\r\\n")\n' +
      's.settimeout(0.05)\ntry: s.recv(1)\nexcept OSError as e: print(e.errno)\ns.setblocking(False)\ntry: s.recv(1)\nexcept OSError as e: print(e.errno)\n' +
      's.setblocking(True)\ns.write(b"\\r\\n")\nprint(s.readline(), len(s.read()) > 50, s.recv(10))\ns.close()';
    expect(await repl.output(raw)).toBe("116\r\n11\r\nb'HTTP/1.1 204 No Content\\r\\n' True b''\r\n");
    await repl.start('s = socket.socket(); s.bind(("0.0.0.0", 80)); s.listen(1)\nprint("waits")\ns.accept()');
    await repl.until('waits');
    await repl.send('\x03');
    expect((await repl.end()).error).toContain('KeyboardInterrupt');
  });

  it('serves the workshop’s api_test.py', async () => {
    await repl.output(
      `${online}\nopen("api_test.py", "w").write(${JSON.stringify(readFileSync(apiTest, 'utf8'))})`,
    );
    const said = await repl.output('import api_test; api_test.test()');
    expect(said.match(/^status: .*(?=\r)/gm)).toEqual([
      'status: 200 OK',
      'status: 201 Created',
      'status: 200 OK',
    ]);
  });
});
