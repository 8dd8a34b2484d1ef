// The work of grpc_chat.lua for k6.
import { Client, Stream } from "k6/net/grpc";
import { check } from "k6";

export const options = { thresholds: { checks: ["rate>0.99"] } };

const client = new Client();
client.load([__ENV.PROTOS], "perigee/test.proto");
const messages = Number(__ENV.MESSAGES);

export default function () {
  client.connect(__ENV.ADDRESS, { plaintext: true });
  const stream = new Stream(client, "perigee.test.Test/Chat");
  let sent = 0;
  let text = "";
  const next = () => {
    sent++;
    text = `message ${sent}`;
    stream.write({ text });
  };
  stream.on("data", (message) => {
    check(message, { "it comes back": (m) => m.text === text });
    if (sent === messages) {
      stream.end();
    } else {
      next();
    }
  });
  next();
}
