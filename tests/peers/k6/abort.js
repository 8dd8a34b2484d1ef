// A threshold of the run's own making: the third bad answer ends the test.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';

export const options = { vus: 1, iterations: 100 };

let bad = 0;

export default function () {
  const res = http.get(`${__ENV.TARGET}/status/${__ITER % 2 ? 500 : 200}`);
  if (!check(res, { ok: (r) => r.status === 200 }) && ++bad === 3) exec.test.abort(`${bad} bad answers`);
}
