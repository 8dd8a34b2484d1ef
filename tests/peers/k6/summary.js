// A summary of the script's own, as a file and on the screen.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } },
  summaryTrendStats: ['avg', 'p(90)', 'count'],
  thresholds: { http_reqs: ['count>=6'], checks: ['rate>0.9'] },
};

export default function () {
  check(http.get(`${__ENV.TARGET}/status/${__ITER === 0 ? 200 : 201}`), { 'is 200': (r) => r.status === 200 });
}

export function handleSummary(data) {
  const failed = [];
  for (const [name, metric] of Object.entries(data.metrics)) {
    for (const [text, threshold] of Object.entries(metric.thresholds || {})) if (!threshold.ok) failed.push(`${name} ${text}`);
  }
  const short = {
    requests: data.metrics.http_reqs.values.count,
    counted: data.metrics.http_req_duration.values.count,
    failed: failed.sort(),
    checks: data.root_group.checks.map((c) => `${c.name}: ${c.passes}/${c.passes + c.fails}`),
    type: data.metrics.http_req_duration.type,
  };
  return { 'short.json': JSON.stringify(short), stdout: `${short.requests} requests\n` };
}
