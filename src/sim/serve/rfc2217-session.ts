import type { Socket } from 'node:net';
import { ComPort, comPortOption } from './com-port.js';
import type { LiveBoard, Session } from './live-board.js';
import { escapeTelnet, Telnet, TelnetReceiver } from './telnet-receiver.js';

const binaryOption = 0;
const suppressGoAhead = 3;
const options: readonly number[] = [binaryOption, suppressGoAhead, comPortOption];

/** So much may wait for the wire before the client is slowed down, and for the client before output is dropped. */
const maxQueuedBytes = 65_536;
const maxUnreadBytes = 4 * 1024 * 1024;

/** How long the chip must wait for IO0 when each line change is a message of its own: pyserial spends 50 ms on each. */
export const networkStrappingDelayMs = 120;

/** One client of the RFC 2217 server, from its connection to its end. */
export class Rfc2217Session {
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #comPort: ComPort;
  /** What was said last of each option, by us (`will`) and of the client (`do`): it is not said again. */
  readonly #said = { will: new Map<number, boolean>(), do: new Map<number, boolean>() };

  private constructor(socket: Socket, session: Session) {
    this.#socket = socket;
    this.#session = session;
    this.#comPort = new ComPort(session, (value) => {
      this.#send(Telnet.iac, Telnet.sb, comPortOption, ...escapeTelnet(value), Telnet.iac, Telnet.se);
    });
  }

  /** Serves the client until either side ends; `false` when another one has the board. */
  static start(socket: Socket, board: LiveBoard, onEnd: () => void): boolean {
    const claimed = board.claim({
      name: `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? 0}`,
      onData: (bytes) => {
        if (socket.writableLength < maxUnreadBytes) socket.write(escapeTelnet(bytes));
      },
      onGone: () => {
        socket.destroy();
      },
    });
    if (claimed === undefined) return false;
    new Rfc2217Session(socket, claimed).#serve(() => {
      claimed.end();
      onEnd();
    });
    return true;
  }

  #serve(onEnd: () => void): void {
    const receiver = new TelnetReceiver({
      data: (bytes) => {
        this.#write(bytes);
      },
      negotiate: (verb, option) => {
        this.#negotiate(verb, option);
      },
      subnegotiate: (option, value) => {
        if (option === comPortOption) this.#comPort.handle(value);
      },
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => {
      receiver.receive(chunk);
    });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', onEnd);
    for (const option of options) {
      this.#say('will', option, true);
      this.#say('do', option, true);
    }
  }

  #write(bytes: Uint8Array): void {
    this.#session.write(bytes, () => {
      if (this.#session.queuedBytes < maxQueuedBytes) this.#socket.resume();
    });
    if (this.#session.queuedBytes >= maxQueuedBytes) this.#socket.pause();
  }

  /** Agrees to the options above and to no others. */
  #negotiate(verb: number, option: number): void {
    const isKnown = options.includes(option);
    switch (verb) {
      case Telnet.will:
        this.#say('do', option, isKnown);
        if (option === comPortOption) this.#comPort.announce();
        break;
      case Telnet.wont:
        this.#say('do', option, false);
        break;
      case Telnet.do:
        this.#say('will', option, isKnown);
        break;
      case Telnet.dont:
        this.#say('will', option, false);
    }
  }

  #say(kind: 'will' | 'do', option: number, yes: boolean): void {
    if (this.#said[kind].get(option) === yes) return;
    this.#said[kind].set(option, yes);
    const verb = kind === 'will' ? (yes ? Telnet.will : Telnet.wont) : yes ? Telnet.do : Telnet.dont;
    this.#send(Telnet.iac, verb, option);
  }

  #send(...bytes: number[]): void {
    if (this.#socket.writable) this.#socket.write(Uint8Array.from(bytes));
  }
}
