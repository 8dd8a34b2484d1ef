// Users of a file post their orders as JSON; some of their fields are null, empty or long numbers.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { Counter } from 'k6/metrics';

const users = new SharedArray('users', () => JSON.parse(open('./users.json')));
const notes = new Counter('notes');

export const options = { scenarios: { orders: { executor: 'shared-iterations', vus: 3, iterations: 8 } } };

export default function () {
  const user = users[exec.scenario.iterationInTest % users.length];
  const res = http.post(`${__ENV.TARGET}/echo?id=${user.id}`, JSON.stringify({ user: user.name, id: user.id, lines: [1, 2.5, null] }), {
    headers: { 'Content-Type': 'application/json', 'X-User-Id': `${user.id}` },
    tags: { user: user.name },
  });
  const sent = JSON.parse(res.json('body'));
  check(res, {
    'id in the query': (r) => r.json('query') === `id=${user.id}`,
    'id in a header': (r) => Number(r.json('headers.X-User-Id')) === user.id,
    'has an id': () => user.id,
    'has a note': () => user.note,
    'name is whole': () => sent.user === user.name,
    'keeps positions': () => sent.lines.length === 3 && sent.lines[2] === null,
  });
  if (user.note) notes.add(user.note.length);
}
