// Requests with a signature, credentials and a query that need encoding.
import http from 'k6/http';
import { check } from 'k6';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';

export const options = { iterations: 3, thresholds: { checks: ['rate==1'] } };

const key = 'a key';

export default function () {
  const body = JSON.stringify({ n: __ITER, text: 'ä & ö' });
  const query = `q=${encodeURIComponent('a b&c=d/ä')}`;
  const res = http.patch(`${__ENV.TARGET}/echo?${query}`, body, {
    headers: {
      'X-Signature': crypto.hmac('sha256', key, body, 'hex'),
      'X-Digest': crypto.sha1(body, 'base64'),
      Authorization: `Basic ${encoding.b64encode('ada:p:w')}`,
    },
  });
  check(res, {
    'body': (r) => r.json('body') === body,
    'signature': (r) => r.json('headers.X-Signature') === crypto.hmac('sha256', key, r.json('body'), 'hex'),
    'digest': (r) => r.json('headers.X-Digest').length === 28,
    'user': (r) => encoding.b64decode(r.json('headers.Authorization').split(' ')[1], 'std', 's') === 'ada:p:w',
    'query': (r) => decodeURIComponent(r.json('query')) === 'q=a b&c=d/ä',
    'md5': () => crypto.md5('abc', 'hex') === '900150983cd24fb0d6963f7d28e17f72',
  });
}
