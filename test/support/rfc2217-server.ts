import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How the server behaves where servers differ. */
export interface Rfc2217ServerBehaviour {
  /** What it sends by itself as soon as somebody connects; the usual one offers ECHO, SGA, BINARY and COM-PORT. */
  readonly greeting?: string;
  /** Bytes it answers to a request; by default it repeats the value, as RFC 2217 wants. Undefined: no answer. */
  readonly answer?: (command: number, value: Uint8Array) => Uint8Array | undefined;
  /** How it answers WILL COM-PORT; undefined: not at all. */
  readonly comPort?: 'DO' | 'DONT' | undefined;
}

/**
 * The far end of an RFC 2217 connection, written for the tests from the RFC alone: it shares no code with the client.
 * `log` has what it was asked, in order: `WILL 44`, `1 0001c200` (a request in hex), and `payload` what is meant for the UART.
 */
export class Rfc2217Server {
  readonly log: string[] = [];
  payload = '';
  client: Socket | undefined;
  readonly #server: Server;
  readonly #behaviour: Rfc2217ServerBehaviour;
  #unparsed = '';

  private constructor(behaviour: Rfc2217ServerBehaviour) {
    this.#behaviour = behaviour;
    this.#server = createServer((socket) => {
      this.client = socket;
      socket.on('error', () => undefined);
      socket.setNoDelay(true);
      socket.write(fromHex(behaviour.greeting ?? 'fffb01 fffb03 fffd00 fffb2c'));
      socket.on('data', (bytes) => {
        this.#parse(bytes.toString('hex'));
      });
    });
  }

  static async start(behaviour: Rfc2217ServerBehaviour = {}): Promise<Rfc2217Server> {
    const server = new Rfc2217Server({ comPort: 'DO', ...behaviour });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get name(): string {
    return `rfc2217://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.client?.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Works on hex text, two letters a byte, by one regular expression: slow, and unlike the code it judges. */
  #parse(hex: string): void {
    this.#unparsed += hex;
    const token = /^(?:ff(f[bcde])(..)|fffa2c((?:ffff|(?!ff)..)*)fff0|(ffff)|((?!ff)..))/;
    for (let match = token.exec(this.#unparsed); match !== null; match = token.exec(this.#unparsed)) {
      this.#unparsed = this.#unparsed.slice(match[0].length);
      const [, verb, option, request, doubled, plain] = match;
      if (verb !== undefined) this.#negotiate(verb, option ?? '');
      else if (request !== undefined) this.#serve(request.replaceAll('ffff', 'ff'));
      else this.payload += doubled === undefined ? (plain ?? '') : 'ff';
    }
  }

  #negotiate(verb: string, option: string): void {
    const verbs: Record<string, string> = { fb: 'WILL', fc: 'WONT', fd: 'DO', fe: 'DONT' };
    this.log.push(`${verbs[verb]} ${parseInt(option, 16)}`);
    const reply = verb === 'fb' ? 'fd' : 'fb';
    if (option === '2c' && verb === 'fb') {
      const { comPort } = this.#behaviour;
      if (comPort !== undefined) this.client?.write(fromHex(comPort === 'DO' ? 'fffd2c' : 'fffe2c'));
    } else if (verb === 'fb' || verb === 'fd') {
      this.client?.write(fromHex(`ff${reply}${option}`));
    }
  }

  #serve(request: string): void {
    const command = parseInt(request.slice(0, 2), 16);
    this.log.push(`${command} ${request.slice(2)}`);
    const value = fromHex(request.slice(2));
    const { answer } = this.#behaviour;
    const reply = answer === undefined ? value : answer(command, value);
    if (reply === undefined) return;
    const body = Buffer.from([command + 100, ...reply]).toString('hex');
    this.client?.write(
      fromHex(`fffa2c${body.replaceAll(/(..)/g, (byte) => (byte === 'ff' ? 'ffff' : byte))}fff0`),
    );
  }
}

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}
