// The work of grpc_infer.lua for k6.
import grpc from "k6/net/grpc";
import { check } from "k6";

export const options = { thresholds: { checks: ["rate>0.99"] } };

const client = new grpc.Client();
client.load([__ENV.PROTOS], "inference/inference.proto");
const rows = 8;

export default function () {
  client.connect(__ENV.ADDRESS, { plaintext: true });
  const values = [];
  for (let i = 1; i <= 4 * rows; i++) values.push(i);
  const res = client.invoke("inference.GRPCInferenceService/ModelInfer", {
    model_name: "iris",
    inputs: [{ name: "predict", datatype: "FP32", shape: [rows, 4], contents: { fp32_contents: values } }],
  });
  check(res, {
    "names its model": (r) =>
      r.status === grpc.StatusOK && r.message.modelName === "iris" &&
      r.message.outputs[0].contents.int64Contents.length === rows,
  });
}
