import { describe, expect, it } from 'vitest';
import { answerHttp } from '../../../../src/sim/network/test-api.js';
import { answerNtp } from '../../../../src/sim/network/time-server.js';

function ask(start: string, body = '', ...headers: string[]) {
  const lines = [`${start} HTTP/1.0`, 'Host: api.example', `Content-Length: ${body.length}`, ...headers];
  const answer = answerHttp(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`), 'https');
  const [head = '', json = ''] = Buffer.from(answer!).toString().split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    head,
    json: json === '' ? undefined : (JSON.parse(json) as unknown),
  };
}

describe('the web service of the virtual network', () => {
  it('has records to read, make and change', () => {
    expect(ask('GET /posts/7')).toMatchObject({ status: 200, json: { id: 7, title: 'posts 7' } });
    expect(ask('GET /users').json).toHaveLength(3);
    expect(ask('POST /posts', '{"a":1}')).toMatchObject({ status: 201, json: { a: 1, id: 101 } });
    expect(ask('PUT /posts/7', '{"a":1,"id":8}')).toMatchObject({ status: 200, json: { a: 1, id: 7 } });
    expect(ask('PATCH /posts/7', '{"title":"x"}')).toMatchObject({ json: { id: 7, userId: 1, title: 'x' } });
    expect(ask('DELETE /posts/7')).toMatchObject({ status: 200, json: {} });
    expect(ask('GET /posts/101')).toMatchObject({ status: 404 });
    expect(ask('DELETE /posts')).toMatchObject({ status: 405 });
    expect(ask('HEAD /posts/7')).toMatchObject({ status: 200, json: undefined });
  });

  it('tells what was asked, and gives any status', () => {
    expect(ask('PUT /anything?a=1&b=%20', 'text', 'X-Key: value').json).toEqual({
      method: 'PUT',
      url: 'https://api.example/anything',
      args: { a: '1', b: ' ' },
      headers: { host: 'api.example', 'content-length': '4', 'x-key': 'value' },
      data: 'text',
      json: null,
    });
    expect(ask('GET /status/503')).toMatchObject({ status: 503, json: undefined });
  });

  it('waits for the whole request, byte by byte, chunks too', () => {
    const requests = [
      'POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd',
      'POST /post HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n',
    ];
    for (const request of requests) {
      for (let end = 0; end < request.length; end += 1) {
        expect(answerHttp(Buffer.from(request.slice(0, end))), request.slice(0, end)).toBeUndefined();
      }
      expect(Buffer.from(answerHttp(Buffer.from(request))!).toString()).toContain('"data":"abcd"');
    }
  });

  it.each(['hello\r\n\r\n', 'GET / HTTP/9\r\n\r\n', 'GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n'])(
    'answers 400 to %j',
    (request) => {
      expect(Buffer.from(answerHttp(Buffer.from(request))!).toString()).toMatch(/^HTTP\/1\.1 400 /);
    },
  );
});

describe('the time server', () => {
  it('answers with this time, and the question’s time as origin', () => {
    const question = new Uint8Array(48);
    question.set([1, 2, 3, 4, 5, 6, 7, 8], 40);
    const answer = Buffer.from(answerNtp(question, Date.UTC(2036, 1, 1, 0, 0, 0, 500))!);
    expect([answer[0]! & 7, answer[1]]).toEqual([4, 2]);
    expect([...answer.subarray(24, 32)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(answer.readUInt32BE(40) - 2_208_988_800).toBe(Date.UTC(2036, 1, 1) / 1000);
    expect(answer.readUInt32BE(44)).toBe(2 ** 31);
    expect(answerNtp(new Uint8Array(47))).toBeUndefined();
  });
});
