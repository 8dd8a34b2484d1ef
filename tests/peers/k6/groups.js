// A shop's pages in groups within groups; some of their checks fail, and so does a threshold.
import http from 'k6/http';
import { check, group } from 'k6';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: {
    checks: ['rate>0.9'],
    'checks{group:::shop::cart}': ['rate==0.5'],
    'group_duration{group:::shop}': ['max>=0'],
    http_req_failed: ['rate<0.5'],
  },
};

export default function () {
  group('shop', () => {
    const list = http.get(`${__ENV.TARGET}/bytes/2000`);
    check(list, { 'list is there': (r) => r.status === 200, 'list is long': (r) => r.body.length > 1999 });
    group('cart', () => {
      const cart = http.get(`${__ENV.TARGET}/status/404`);
      check(cart, { 'cart is there': (r) => r.status === 200, 'cart answers': (r) => r.status > 0 });
    });
  });
  group('pay', () => check(http.get(`${__ENV.TARGET}/redirect/2`), { 'paid': (r) => r.status === 200 && r.url.endsWith('/redirect/0') }));
}
