// A page with its parts at once, of which some are expected to fail.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 3, iterations: 9, batch: 6, thresholds: { 'http_req_failed{part:missing}': ['rate==0'], http_reqs: ['count==45'] } };

const missing = http.expectedStatuses(404, { min: 410, max: 411 });

export default function () {
  const responses = http.batch({
    page: `${__ENV.TARGET}/bytes/100`,
    style: ['GET', `${__ENV.TARGET}/bytes/10`, null, { tags: { part: 'style' } }],
    icon: { method: 'GET', url: `${__ENV.TARGET}/status/404`, params: { tags: { part: 'missing' }, responseCallback: missing } },
    old: { method: 'GET', url: `${__ENV.TARGET}/status/410`, params: { tags: { part: 'missing' }, responseCallback: missing } },
    beacon: ['POST', `${__ENV.TARGET}/status/503`, 'seen'],
  });
  check(responses, {
    'page': (r) => r.page.body.length === 100,
    'style': (r) => r.style.body.length === 10,
    'no icon': (r) => r.icon.status === 404,
    'beacon': (r) => r.beacon.status === 204,
  });
}
