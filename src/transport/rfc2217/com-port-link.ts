import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { ComPortRequests, comPortOption } from './com-port.js';
import { quoteBytes } from '../quote-bytes.js';
import { closeTcp, listenToTcp, sendTcp } from '../network/tcp.js';
import { TelnetDecoder, escapeTelnet } from './telnet-codec.js';
import { TelnetOptions } from './telnet-options.js';

const binaryOption = 0; // RFC 856
const suppressGoAheadOption = 3; // RFC 858

/** So much of what a server says is repeated. */
const shownBytes = 80;

/** A Telnet connection to a server of serial ports: payload both ways, and requests beside it. */
export class ComPortLink {
  readonly requests: ComPortRequests;
  readonly #name: string;
  readonly #socket: Socket;
  readonly #options: TelnetOptions;
  #ended = false;
  #onChange: () => void = () => undefined;
  /** What came first besides Telnet's own; enough for a refusal. */
  #firstBytes: Uint8Array = new Uint8Array(0);

  constructor(name: string, socket: Socket, to: { data(bytes: Uint8Array): void; end(reason: Error): void }) {
    this.#name = name;
    this.#socket = socket;
    const say = this.#say.bind(this);
    this.requests = new ComPortRequests(say);
    this.#options = new TelnetOptions(
      {
        ours: [binaryOption, suppressGoAheadOption, comPortOption],
        theirs: [binaryOption, suppressGoAheadOption],
      },
      say,
    );
    const decoder = new TelnetDecoder({
      data: (bytes) => {
        const missing = bytes.subarray(0, shownBytes - this.#firstBytes.length);
        this.#firstBytes = Buffer.concat([this.#firstBytes, missing]);
        to.data(bytes);
      },
      negotiation: (verb, option) => {
        this.#options.receive(verb, option);
        this.#onChange();
      },
      subnegotiation: (option, payload) => {
        if (option === comPortOption) this.requests.receive(payload);
      },
    });
    listenToTcp(name, socket, {
      data: (bytes) => {
        decoder.decode(bytes);
      },
      end: (reason) => {
        to.end(reason);
        this.#end();
      },
    });
  }

  /** Whether the server takes requests. */
  get agreed(): boolean {
    return this.#options.answer('ours', comPortOption) === 'yes';
  }

  /** Waits until the server agrees to take requests. Throws `port/refused` or `port/busy`. */
  async agree(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = await new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, true);
      this.#onChange = () => {
        if (this.#ended || this.#options.answer('ours', comPortOption) !== 'asked') resolve(false);
      };
      this.#options.start();
      this.#onChange();
    });
    clearTimeout(timer);
    this.#onChange = () => undefined;
    if (!this.agreed) throw this.refusal(late ? timeoutMs : undefined);
  }

  write(piece: Uint8Array): Promise<void> {
    return sendTcp(this.#name, this.#socket, escapeTelnet(piece));
  }

  /** Sends what was written and hangs up; nothing is answered any more. */
  close(): Promise<void> {
    this.#end();
    return closeTcp(this.#socket);
  }

  #end(): void {
    this.#ended = true;
    this.requests.end();
    this.#onChange();
  }

  /** What is said in one turn goes out in one packet: two line changes then reach the board as close together as can be. */
  #say(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.cork();
    this.#socket.write(bytes);
    process.nextTick(() => {
      this.#socket.uncork();
    });
  }

  /** Why the server does not serve us, from what it did and said: `port/busy` or `port/refused`. */
  refusal(waitedMs?: number): UpywError {
    const text = quoteBytes(this.#firstBytes);
    // Where it agreed before it hung up, what it said of that may have been lost with the connection.
    if (/in use|busy/i.test(text) || (text === '' && this.agreed && this.#ended))
      return new UpywError('port/busy', { port: this.#name });
    let reason = 'the server has no RFC 2217 port control; for the plain bytes use socket://';
    if (waitedMs !== undefined) {
      reason = `no RFC 2217 answer within ${waitedMs / 1000} s; perhaps somebody else is connected, or it is a plain socket://`;
    } else if (this.#ended) reason = 'the server closed the connection at once';
    return new UpywError('port/refused', {
      port: this.#name,
      reason: text === '' ? reason : `${reason}; it said: ${text}`,
    });
  }
}
