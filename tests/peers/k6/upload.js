// Forms, files and other bodies, as browsers and other clients send them.
import http from 'k6/http';
import { check } from 'k6';

export const options = { iterations: 2, thresholds: { checks: ['rate==1'] } };

const picture = open('./users.json', 'b');

export default function () {
  const form = http.post(`${__ENV.TARGET}/echo`, {
    title: 'two words',
    file: http.file(picture, 'users.json', 'application/json'),
  });
  check(form, {
    'is multipart': (r) => r.json('headers.Content-Type').startsWith('multipart/form-data; boundary='),
    'has the file': (r) => r.json('body').includes('filename="users.json"') && r.json('body').includes('barbara liskov'),
    'has the title': (r) => r.json('body').includes('two words'),
  });
  const plain = http.request('POST', `${__ENV.TARGET}/echo`, picture, { headers: { 'Content-Type': 'text/plain' } });
  check(plain, {
    'is plain': (r) => r.json('headers.Content-Type') === 'text/plain',
    'is whole': (r) => Number(r.json('headers.Content-Length')) === picture.byteLength && r.json('body').length === picture.byteLength,
  });
  check(http.head(`${__ENV.TARGET}/bytes/9`), { 'head has no body': (r) => r.status === 200 && !r.body });
  check(http.post(`${__ENV.TARGET}/echo`, null), { 'is empty': (r) => r.json('body') === '' });
}
