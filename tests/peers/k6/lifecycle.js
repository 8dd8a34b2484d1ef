// Set-up makes data that all iterations and teardown see, each its own copy.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 4, thresholds: { 'http_reqs{group:::setup}': ['count==1'], checks: ['rate==1'] } };

export function setup() {
  const res = http.post(`${__ENV.TARGET}/echo`, JSON.stringify({ models: ['iris', 'echo'] }));
  return { models: JSON.parse(res.json('body')).models, seen: 0, nothing: null, deep: { list: [1, [2, [3]]] } };
}

export default function (data) {
  data.seen += 1;
  check(data, {
    'own copy': (d) => d.seen >= 1 && d.seen <= 4,
    'models': (d) => d.models.length === 2 && d.models[1] === 'echo',
    'depth': (d) => d.deep.list[1][1][0] === 3,
    'nothing is nothing': (d) => !d.nothing,
  });
  http.get(`${__ENV.TARGET}/v2/models/${data.models[0]}`);
}

export function teardown(data) {
  check(data, { 'as set-up left it': (d) => d.seen === 0 });
  http.del(`${__ENV.TARGET}/echo`);
}
