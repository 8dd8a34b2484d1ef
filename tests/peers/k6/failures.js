// Iterations that throw, requests that time out or find nobody, bodies that are no JSON: the run goes on.
import http from 'k6/http';
import { check, fail } from 'k6';
import { Counter } from 'k6/metrics';

const caught = new Counter('caught');

export const options = { vus: 1, iterations: 6, thresholds: { http_req_failed: ['rate<0.5'], caught: ['count==2'] } };

export default function () {
  switch (__ITER) {
    case 0: throw new Error('an own error');
    case 1: fail('given up');
    case 2: check(http.get(`${__ENV.TARGET}/hang`, { timeout: '100ms' }), { 'timed out': (r) => r.error_code === 1050 && r.status === 0 }); break;
    case 3: check(http.get('http://127.0.0.1:1/'), { 'refused': (r) => r.error_code === 1212 && r.body === null }); break;
    case 4:
      try { http.get(`${__ENV.TARGET}/bytes/5`).json(); } catch (e) { caught.add(1); }
      try { http.get('http://127.0.0.1:1/', { throw: true }); } catch (e) { caught.add(1); }
      break;
    default: check(http.get(`${__ENV.TARGET}/status/500`), { 'no error of its own': (r) => !r.error_code, 'is 500': (r) => r.status === 500 });
  }
}
