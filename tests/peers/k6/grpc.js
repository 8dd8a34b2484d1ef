// Calls of gRPC, one of which fails as it should.
import grpc from 'k6/net/grpc';
import { check } from 'k6';

export const options = { vus: 2, iterations: 4, thresholds: { checks: ['rate==1'], grpc_req_duration: ['max>=0'] } };

const client = new grpc.Client();

export default function () {
  if (__ITER === 0) client.connect(__ENV.TARGET.replace('http://', ''), { plaintext: true, reflect: true });
  const echo = client.invoke('perigee.test.Test/Echo', { text: 'hello' }, { tags: { call: 'echo' } });
  check(echo, { 'echo is OK': (r) => r.status === grpc.StatusOK, 'same text': (r) => r.message.text === 'hello' });
  const failed = client.invoke('perigee.test.Test/Fail', { code: 5, message: 'no such thing' });
  check(failed, { 'is not found': (r) => r.status === grpc.StatusNotFound, 'says so': (r) => r.error.message === 'no such thing' });
}
