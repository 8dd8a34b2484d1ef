// A chat: each user says three things and hears them again.
import ws from 'k6/ws';
import { check } from 'k6';
import { Counter } from 'k6/metrics';

const heard = new Counter('heard');

export const options = { vus: 2, iterations: 4, thresholds: { heard: ['count==12'], ws_sessions: ['count==4'] } };

export default function () {
  let left = 3;
  const res = ws.connect(`${__ENV.TARGET.replace('http', 'ws')}/ws/echo`, {}, (socket) => {
    socket.on('open', () => { for (let i = 1; i <= 3; i++) socket.send(`message ${i}`); });
    socket.on('message', (text) => {
      heard.add(1);
      check(text, { 'comes back': (t) => /^message \d$/.test(t) });
      if (--left === 0) socket.close();
    });
  });
  check(res, { 'has switched': (r) => r && r.status === 101 });
}
