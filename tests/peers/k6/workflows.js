// Three workflows of one script: readers, writers and one who comes later, each with settings.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';

export const options = {
  scenarios: {
    readers: { executor: 'per-vu-iterations', vus: 3, iterations: 4, exec: 'read', tags: { kind: 'read' } },
    writers: { executor: 'shared-iterations', vus: 2, iterations: 5, exec: 'write', env: { SIZE: '7' } },
    late: { executor: 'per-vu-iterations', vus: 1, iterations: 2, exec: 'read', startTime: '500ms', env: { PAGE: 'late' } },
  },
  thresholds: {
    'iterations{scenario:readers}': ['count==12'],
    'http_reqs{kind:read}': ['count==12'],
    'checks{scenario:writers}': ['rate==1'],
    'iterations{scenario:late}': ['count>2'],
  },
};

export function read() {
  const res = http.get(`${__ENV.TARGET}/echo?page=${__ENV.PAGE || 'first'}`);
  check(res, {
    'its own page': (r) => r.json('query') === `page=${exec.scenario.name === 'late' ? 'late' : 'first'}`,
    'its own executor': () => exec.scenario.executor === 'per-vu-iterations',
  });
}

export function write() {
  const res = http.put(`${__ENV.TARGET}/echo`, 'x'.repeat(Number(__ENV.SIZE)), { tags: { n: `${exec.scenario.iterationInTest}` } });
  check(res, { 'is seven long': (r) => r.json('body').length === 7, 'is PUT': (r) => r.json('method') === 'PUT' });
}
