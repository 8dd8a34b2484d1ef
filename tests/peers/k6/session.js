// A user logs in, keeps a cookie and a token, and looks at pages with them.
import http from 'k6/http';
import { check, fail } from 'k6';

export const options = {
  vus: 2,
  iterations: 6,
  thresholds: { checks: ['rate==1'], 'http_reqs{name:page}': ['count==12'] },
};

export default function () {
  const jar = http.cookieJar();
  const login = http.post(`${__ENV.TARGET}/echo?from=home`, { user: 'ada', password: 'p&w=1' }, { tags: { name: 'login' } });
  if (!check(login, {
    'logged in': (r) => r.status === 200,
    'is a form': (r) => r.json('headers.Content-Type') === 'application/x-www-form-urlencoded',
  })) fail('no session');
  jar.set(__ENV.TARGET, 'session', `s-${login.json('body').length}`, { path: '/' });
  const token = login.json().query.split('=')[1];
  for (let page = 1; page <= 2; page++) {
    const res = http.get(`${__ENV.TARGET}/echo?page=${page}`, {
      headers: { Authorization: `Bearer ${token}` },
      tags: { name: 'page' },
    });
    check(res, {
      'has the cookie': (r) => /session=s-\d+/.test(r.json('headers.Cookie')),
      'has the token': (r) => r.json('headers.Authorization') === 'Bearer home',
      'is the page': (r) => r.json('query') === `page=${page}`,
    });
  }
}
