// Metrics of the script's own, with tags and thresholds on parts of them.
import { check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const tokens = new Counter('tokens');
const queue = new Gauge('queue_depth');
const hits = new Rate('cache_hits');
const size = new Trend('answer_size');
const first = new Trend('first_token', true);

export const options = {
  iterations: 5,
  thresholds: {
    tokens: ['count==65'],
    'tokens{model:large}': ['count<50'],
    cache_hits: ['rate==0.6'],
    answer_size: ['avg==20', 'p(50)<21', 'max<=40'],
    'first_token{model:small}': ['min>=1'],
    queue_depth: ['value==4'],
  },
};

export default function () {
  const i = __ITER;
  tokens.add(10, { model: 'large' });
  tokens.add(3, { model: 'small' });
  queue.add(i);
  hits.add(i % 5 < 3);
  size.add(i * 10);
  first.add(i + 0.25, { model: i % 2 ? 'small' : 'large' });
  check(i, { 'is not zero': (n) => n, 'is NaN or so': () => i * 0 / 0 });
}
