import { UpywError } from '../errors.js';
import { isHtml, titleOf } from './html.js';
import { shownUrl } from './location.js';
import type { PartFile } from './part-file.js';
import { type RetryPlan, withRetries } from './retry.js';
import type { WebAnswer, WebClient } from './web-client.js';

export interface DownloadOptions {
  readonly client: WebClient;
  readonly signal: AbortSignal;
  readonly retries: RetryPlan;
  /** More than that is not what was wanted. */
  readonly maxBytes: number;
  /** A web page is what was wanted: a file of a package may be one. */
  readonly mayBeHtml?: boolean | undefined;
  /** In bytes; the total is undefined where the server does not tell it. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number | undefined) => void) | undefined;
}

/** The whole may take this long, and longer the larger it is: a slower line than this is told. */
const baseTimeMs = 120_000;
const slowestBytesPerSecond = 1000;

/**
 * Loads an address into a part file, from where it ends; what is cut off goes on there.
 * @returns whether it was put together from several answers
 * @throws UpywError `net/…`, `file/…`
 */
export async function download(url: URL, part: PartFile, options: DownloadOptions): Promise<boolean> {
  const { signal } = options;
  const startedMs = performance.now();
  let arrivedBytes = 0;
  let wasResumed = false;
  const loadOn = async () => {
    const answer = await ask(url, part, options);
    wasResumed = part.sizeBytes > 0;
    await receive(url, answer, part, options, (bytes) => {
      arrivedBytes += bytes;
      refuseCrawling(url, arrivedBytes, performance.now() - startedMs);
    });
  };
  await withRetries(options.retries, signal, loadOn, () => part.sizeBytes);
  return wasResumed;
}

function refuseCrawling(url: URL, gotBytes: number, tookMs: number): void {
  if (tookMs <= baseTimeMs + (gotBytes / slowestBytesPerSecond) * 1000) return;
  throw new UpywError('net/too-slow', { url: shownUrl(url), gotBytes, tookMs: Math.round(tookMs) });
}

/** Asks for what is missing. What does not fit to what is there begins anew. */
async function ask(url: URL, part: PartFile, { client }: DownloadOptions): Promise<WebAnswer> {
  const { origin, sizeBytes } = part;
  if (origin?.url === shownUrl(url) && sizeBytes > 0) {
    const answer = await client.get(url, { range: `bytes=${sizeBytes}-`, 'if-range': origin.validator });
    if (answer.status === 206 && rangeOf(answer)?.start === sizeBytes) return answer;
    if (answer.status === 200) return await startAnew(url, part, answer);
    answer.discard();
  }
  return await startAnew(url, part, await client.get(url));
}

async function startAnew(url: URL, part: PartFile, answer: WebAnswer): Promise<WebAnswer> {
  const { etag, 'last-modified': date } = answer.headers;
  // A weak tag says that two files mean the same, not that they are the same (RFC 9110, 13.1.5).
  const validator = etag?.startsWith('W/') === false ? etag : date;
  await part.startFrom(validator === undefined ? undefined : { url: shownUrl(url), validator });
  return answer;
}

async function receive(
  url: URL,
  answer: WebAnswer,
  part: PartFile,
  { maxBytes, mayBeHtml, onProgress }: DownloadOptions,
  count: (bytes: number) => void,
): Promise<void> {
  const wantedBytes = totalOf(answer);
  if (answer.status !== 200 && answer.status !== 206) {
    answer.discard();
    throw new UpywError('net/refused', { url: shownUrl(url), status: answer.status });
  }
  const tooLarge = () => new UpywError('net/too-large', { url: shownUrl(url), maxBytes });
  if ((wantedBytes ?? 0) > maxBytes) {
    answer.discard();
    throw tooLarge();
  }
  try {
    for await (const bytes of answer.body()) {
      if (mayBeHtml !== true && part.sizeBytes === 0 && isHtml(answer.headers['content-type'], bytes)) {
        throw webPage(url, answer.url, new TextDecoder().decode(bytes));
      }
      await part.append(bytes);
      count(bytes.length);
      if (part.sizeBytes > maxBytes) throw tooLarge();
      onProgress?.(part.sizeBytes, wantedBytes);
    }
  } finally {
    answer.discard();
  }
  if (wantedBytes !== undefined && part.sizeBytes !== wantedBytes) {
    throw new UpywError('net/incomplete', { url: shownUrl(url), gotBytes: part.sizeBytes, wantedBytes });
  }
}

/** Told with the page's own title, and with the server that it came from where that is another. */
export function webPage(asked: URL, from: URL, page: string): UpywError {
  const title = titleOf(page);
  return new UpywError('net/web-page', {
    url: shownUrl(asked),
    ...(title === undefined ? {} : { title }),
    ...(from.host === asked.host ? {} : { from: from.host }),
  });
}

function totalOf(answer: WebAnswer): number | undefined {
  if (answer.status === 206) return rangeOf(answer)?.total;
  const length = answer.headers['content-length'];
  return length === undefined || !/^\d+$/.test(length) ? undefined : Number(length);
}

/** `Content-Range: bytes 100-199/200` */
function rangeOf({ headers }: WebAnswer): { start: number; total: number | undefined } | undefined {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  if (start === undefined || total === undefined) return undefined;
  return { start: Number(start), total: total === '*' ? undefined : Number(total) };
}
