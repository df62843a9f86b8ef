import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { checkGpio } from '../pins/gpio.js';
import { highMv } from '../pins/gpio-numbers.js';
import type { PinReport } from '../pins/pin-report.js';
import {
  decodeJson,
  decodeNumber,
  encodeFrame,
  encodeJson,
  encodeNumber,
  Frame,
  FrameReceiver,
  type PinQuestion,
} from './attach-frames.js';
import type { LiveBoard, Session } from './live-board.js';

interface Hello {
  readonly token: string;
  readonly pid: number;
}

/** What can be reached of a board beside its port. */
export interface Bench {
  connectPin(gpio: number, connectedMv: number | undefined): void;
  readPin(gpio: number): PinReport;
}

/** Serves one other upyw on the private channel; `onUser` hears when it comes and goes. */
export function serveAttached(
  socket: Socket,
  board: LiveBoard,
  bench: Bench,
  token: string,
  onUser: (name: string, isThere: boolean) => void,
): void {
  let session: Session | undefined;
  const send = (frame: Uint8Array): void => {
    if (socket.writable) socket.write(frame);
  };
  const welcome = async (body: Uint8Array): Promise<void> => {
    const hello = decodeJson(body) as Hello;
    if (!isSame(hello.token, token)) throw new RangeError('wrong token');
    const name = `upyw (process ${hello.pid})`;
    await board.checkHolder();
    if (socket.destroyed) return;
    session = board.claim({
      name,
      onData: (bytes) => {
        send(encodeFrame(Frame.data, bytes));
      },
      onGone: () => socket.destroy(),
    });
    if (session === undefined) {
      send(encodeFrame(Frame.busy, new TextEncoder().encode(board.holder)));
      socket.end();
      return;
    }
    send(encodeFrame(Frame.welcome, new Uint8Array(0)));
    onUser(name, true);
    socket.on('close', () => {
      session?.end();
      onUser(name, false);
    });
  };
  const receiver = new FrameReceiver((kind, body) => {
    if (kind === Frame.hello) welcome(body).catch(() => socket.destroy());
    else if (kind === Frame.ask) socket.end(encodeJson(Frame.answer, answerTo(bench, body, token)));
    else if (session !== undefined) obey(session, kind, body, send);
  });
  feed(receiver, socket);
}

function feed(receiver: FrameReceiver, socket: Socket): void {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      receiver.receive(chunk);
    } catch {
      // Not an upyw, or not one that may read the lock file.
      socket.destroy();
    }
  });
}

/** @throws Error when it is not one of upyw's questions */
function answerTo(bench: Bench, body: Uint8Array, token: string): PinReport[] {
  const question = decodeJson(body) as PinQuestion;
  if (!isSame(question.token, token)) throw new RangeError('wrong token');
  const gpios = question.gpios.map((gpio) => checkGpio(String(gpio)));
  const { connect } = question;
  if (gpios[0] !== undefined && connect !== undefined) {
    if (connect !== null && !(connect >= 0 && connect <= highMv)) throw new RangeError('no such voltage');
    bench.connectPin(gpios[0], connect ?? undefined);
  }
  return gpios.map((gpio) => bench.readPin(gpio));
}

function obey(session: Session, kind: number, body: Uint8Array, send: (frame: Uint8Array) => void): void {
  if (kind === Frame.data) {
    session.write(body, () => {
      send(encodeNumber(Frame.sent, body.length));
    });
  } else if (kind === Frame.baudRate) session.setBaudRate(decodeNumber(body));
  else if (kind === Frame.lines) {
    const bits = decodeNumber(body);
    session.setLines({ dtr: (bits & 1) !== 0, rts: (bits & 2) !== 0 });
  }
}

function isSame(given: unknown, token: string): boolean {
  const left = new TextEncoder().encode(String(given));
  const right = new TextEncoder().encode(token);
  return left.length === right.length && timingSafeEqual(left, right);
}
