import { UpywError } from '../errors.js';
import { shownUrl } from './location.js';

/** What a request was about, for its error. */
export interface Asked {
  readonly url: URL;
  /** The proxy that is set for it, without its password. */
  readonly proxy?: string | undefined;
  /** How long it waits for a byte. */
  readonly timeoutMs: number;
}

const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known (no internet, or a wrong address)',
  EAI_AGAIN: 'no answer about its name (no internet?)',
  ECONNREFUSED: 'nobody listens there',
  ENETUNREACH: 'there is no way there (no internet?)',
  EHOSTUNREACH: 'there is no way there',
  EADDRNOTAVAIL: 'there is no way there',
};
const timeouts = new Set([
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  'ETIMEDOUT',
]);
const certificates: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'whoever signed it is not known here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'whoever signed it is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'whoever signed it is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'whoever signed it is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
};

/** What Node, TLS or undici say of a request that failed, in our words; they are only known here. */
export function netFailure(error: unknown, { url, proxy, timeoutMs }: Asked): unknown {
  if (error instanceof UpywError || !(error instanceof Error)) return error;
  const cause = { cause: error };
  const code = codeOf(error);
  const throughProxy = proxy === undefined ? {} : { proxy };
  const status = /Proxy response \((\d+)\)|Required \((407)\)/.exec(error.message);
  if (status !== null) return proxyFailure(status[1] ?? status[2] ?? '', proxy ?? '', cause);
  if (code in unreachable) {
    const reason = unreachable[code] ?? code;
    return new UpywError('net/unreachable', { host: url.host, reason, ...throughProxy }, cause);
  }
  if (timeouts.has(code)) {
    return new UpywError('net/timeout', { url: shownUrl(url), waitedMs: timeoutMs, ...throughProxy }, cause);
  }
  const certificate = certificates[code];
  if (certificate !== undefined) {
    const isTime = code.startsWith('CERT_');
    return new UpywError('net/certificate', { host: url.host, reason: certificate, isTime }, cause);
  }
  return new UpywError('net/lost', { url: shownUrl(url), reason: reasonOf(error, code) }, cause);
}

function proxyFailure(status: string, proxy: string, cause: { cause: unknown }): UpywError {
  return status === '407'
    ? new UpywError('net/proxy-login', { proxy }, cause)
    : new UpywError('net/proxy-failed', { proxy, reason: `it answers ${status}` }, cause);
}

/** The first that an error or what caused it has; undici wraps some. */
function codeOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException;
    if (code !== undefined && code !== 'UND_ERR_SOCKET') return code;
  }
  return '';
}

function reasonOf(error: Error, code: string): string {
  if (code === 'ECONNRESET' || error.message === 'other side closed') return 'the other side closed it';
  if (code.startsWith('HPE_')) return 'the answer is not HTTP as it should be';
  return error.message;
}
