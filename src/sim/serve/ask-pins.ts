import { connect } from 'node:net';
import { UpywError } from '../../errors.js';
import { servedBoards } from '../boards.js';
import type { PinReport } from '../pins/pin-report.js';
import { checkBoardName } from '../sim-address.js';
import { lockHolder, type AttachAddress } from '../state/board-lock.js';
import { boardFolder } from '../state/state-folder.js';
import { decodeJson, encodeJson, Frame, FrameReceiver, type PinQuestion } from './attach-frames.js';

const answerTimeoutMs = 5000;

/**
 * Asks a board that `upyw sim serve` keeps on how its pins are, and connects something to the first of them if told to. Whoever uses
 * the board's port meanwhile is not disturbed.
 * @throws UpywError `sim/not-served`, `sim/bad-name`, `port/failed`
 */
export async function askPins(name: string, question: Omit<PinQuestion, 'token'>): Promise<PinReport[]> {
  const { attach } = lockHolder(boardFolder(checkBoardName(name))) ?? {};
  if (attach === undefined) throw new UpywError('sim/not-served', { name, served: servedBoards() });
  return ask(`sim:${name}`, attach, question);
}

function ask(port: string, attach: AttachAddress, question: object): Promise<PinReport[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: attach.port, noDelay: true });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new UpywError('port/failed', { port, reason }));
    };
    const timer = setTimeout(fail, answerTimeoutMs, 'its server (upyw sim serve) does not answer');
    const receiver = new FrameReceiver((kind, body) => {
      if (kind !== Frame.answer) return;
      clearTimeout(timer);
      resolve(decodeJson(body) as PinReport[]);
      socket.end();
    });
    socket.on('connect', () => {
      socket.write(encodeJson(Frame.ask, { ...question, token: attach.token }));
    });
    socket.on('data', (chunk) => {
      receiver.receive(chunk);
    });
    socket.on('error', ({ message }) => {
      fail(message);
    });
    socket.on('close', () => {
      fail('its server (upyw sim serve) closed the connection');
    });
  });
}
