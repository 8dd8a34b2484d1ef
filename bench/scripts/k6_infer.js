// The work of infer.lua for k6.
import http from "k6/http";
import { check } from "k6";

export const options = {
  vus: 64,
  duration: "5s",
  thresholds: { checks: ["rate>0.99"], http_req_failed: ["rate<0.01"] },
};

const url = (__ENV.URL || "http://127.0.0.1:9000") + "/v2/models/iris/infer";
const params = {
  headers: {
    "Content-Type": "application/json",
    Accept: "application/json",
    "X-User": `user-${__VU}`,
  },
  timeout: "10s",
};
const checks = {
  "answers with outputs": (res) => res.status === 200 && res.body.includes('"outputs"'),
};
let sent = 0;

function nextBody() {
  sent++;
  return (
    `{"id":"${sent}","inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32",` +
    `"data":[${sent % 8}.5,2.8,4.8,1.${sent % 10}]}]}`
  );
}

export default function () {
  check(http.post(url, nextBody(), params), checks);
}
