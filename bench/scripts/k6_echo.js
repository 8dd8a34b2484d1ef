// The work of echo.lua for k6.
import { WebSocket } from "k6/websockets";
import { check } from "k6";

export const options = { thresholds: { checks: ["rate>0.99"] } };

const messages = Number(__ENV.MESSAGES);

export default function () {
  const socket = new WebSocket(__ENV.URL);
  let sent = 0;
  let text = "";
  const next = () => {
    sent++;
    text = `{"id":${sent},"user":${__VU}}`;
    socket.send(text);
  };
  socket.onopen = next;
  socket.onmessage = (event) => {
    check(event, { "it comes back": (e) => e.data === text });
    if (sent === messages) {
      socket.close();
    } else {
      next();
    }
  };
}
