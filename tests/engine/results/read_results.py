#!/usr/bin/env python3
"""read_results.py FILE: the totals of a result file as JSON, read by results.proto alone."""
import json
import struct
import subprocess
import sys


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data, at=0):
    """Field number and value of each field: numbers, or bytes."""
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        else:
            value, at = varint(data, at)
            if tag & 7 == 2:
                value, at = data[at:at + value], at + value
        yield tag >> 3, value


def numbers(data, at=0):
    while at < len(data):
        value, at = varint(data, at)
        yield value


def crc32c(data, rest=0xFFFFFFFF):
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = (rest >> 1) ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


def messages(data):
    """Type and message of each whole frame."""
    types, packed, at = [], b"", 16
    assert data[:at] == b"perigee results\n"
    while at + 9 <= len(data):
        kind, size, crc = struct.unpack_from("<BII", data, at)
        payload = data[at + 9:at + 9 + size]
        if len(payload) < size:
            break  # what was being written when the run was killed
        assert crc32c(bytes([kind]) + payload) == crc
        types, packed, at = types + [kind], packed + payload, at + 9 + size
    stream, at = subprocess.run(["zstd", "-dcq"], input=packed, stdout=-1, stderr=-3).stdout, 0
    for kind in types:
        size, at = varint(stream, at)
        yield kind, list(fields(stream[at:at + size]))
        at += size


def percentile(buckets, share):
    """Of the middle values by bucket, between the neighbours of the rank."""
    values, rank = sorted(buckets.items()), share * (sum(buckets.values()) - 1)

    def at(wanted):
        for value, count in values:
            wanted -= count
            if wanted < 0:
                return value
        return values[-1][0]
    low = at(int(rank))
    return low + (at(int(rank) + 1) - low) * (rank % 1)


def middle(bucket):
    if bucket < 0:
        return -middle(~bucket)
    low, high = (struct.unpack("<d", struct.pack("<Q", edge << 46))[0] for edge in (bucket, bucket + 1))
    return (low + high) / 2


def add(total, kind, value):
    """What an interval adds to a metric, by the fields of Counter, Gauge, Rate or Trend."""
    got = dict(value)
    keys = ({1: "sum", 2: "samples"}, {5: "samples"}, {1: "nonzero", 2: "total"}, {1: "sum", 4: "zeros"})[kind]
    for number, key in keys.items():
        total[key] = total.get(key, 0) + got.get(number, 0)
    if kind == 3:
        bucket, buckets = 0, total.setdefault("buckets", {})
        for step, count in zip(numbers(got.get(6, b"")), numbers(got.get(7, b""))):
            bucket += (step >> 1) ^ -(step & 1)
            buckets[middle(bucket)] = buckets.get(middle(bucket), 0) + count
        total["min"] = min(total.get("min", got.get(2, 0)), got.get(2, 0))
        total["max"] = max(total.get("max", got.get(3, 0)), got.get(3, 0))


metrics, totals, result = {}, {}, {"intervals": 0, "ended": False}
for kind, message in messages(open(sys.argv[1], "rb").read()):
    got = dict(message)
    if kind == 1:
        result.update(run_id=got[2].decode(), script=got[5].decode(), options=json.loads(got[7]))
    elif kind == 2:
        result.update(intervals=got[1], load_seconds=got.get(4, 0) / 1e9)
        for number, value in message:
            inner = dict(fields(value)) if number in (7, 9) else {}
            if number == 7:
                metrics[inner.get(1, 0)] = (inner[2].decode(), inner.get(3, 0))
            elif number == 9:
                name, sort = metrics[inner.get(1, 0)]
                add(totals.setdefault(name, {}), sort, fields(inner[3 + sort]))
    elif kind == 3:
        result.update(ended=True, reason=got[1].decode(), load_seconds=got.get(3, 0))
for total in totals.values():
    if "buckets" in total:
        buckets = total.pop("buckets")
        if total["zeros"]:
            buckets[0] = total["zeros"]
        total["count"] = sum(buckets.values())
        for share in (50, 90, 95):
            total[f"p({share})"] = min(max(percentile(buckets, share / 100), total["min"]), total["max"])
print(json.dumps({**result, "metrics": totals}))
