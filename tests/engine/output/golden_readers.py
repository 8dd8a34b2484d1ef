#!/usr/bin/env python3
"""golden_readers FOLDER: reads one run back from every shape with Python's csv and json, and holds
the numbers of the shapes against each other."""
import csv
import json
import pathlib
import re
import sys
import unittest

FOLDER = pathlib.Path(sys.argv.pop())


def load(name):
    return json.loads((FOLDER / name).read_text())


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(FOLDER / "rows.csv", newline="") as file:
            cls.rows = list(csv.DictReader(file, strict=True))
        cls.lines = [json.loads(line) for line in (FOLDER / "lines.json").read_text().splitlines()]
        cls.points = [line for line in cls.lines if line["type"] == "Point"]
        cls.export = load("export.json")
        cls.data = load("data.json")
        results = load("machine_readable.json")["results"]
        cls.machine = {metric["name"]: metric["values"]
                       for metric in results["metrics"] + results["checks"]["metrics"]}

    def values(self, metric):
        return [point["data"]["value"] for point in self.points if point["metric"] == metric]

    def test_rows_and_lines_tell_the_same(self):
        self.assertEqual(len(self.rows), len(self.points))
        for row, point in zip(self.rows, self.points):
            self.assertEqual(row["metric_name"], point["metric"])
            self.assertAlmostEqual(float(row["metric_value"]), point["data"]["value"], delta=5e-7)
            tags = dict(point["data"]["tags"])
            extra = [part.split("=", 1) for part in row["extra_tags"].split("&") if part]
            columns = {key: row[key] for key in tags if key in row}
            self.assertEqual({**columns, **dict(extra)}, tags)
            metadata = dict(part.split("=", 1) for part in row["metadata"].split("&") if part)
            self.assertEqual(metadata, point["data"].get("metadata", {}))

    def test_a_metric_is_described_before_its_first_sample_and_once(self):
        described = set()
        for line in self.lines:
            if line["type"] == "Metric":
                self.assertNotIn(line["metric"], described)
                described.add(line["metric"])
            else:
                self.assertIn(line["metric"], described)

    def test_the_report_of_a_url_adds_up(self):
        report = load("http_report.json")
        answers = sum(report["status_codes"].values())
        failures = sum(error["count"] for error in report["errors"])
        self.assertEqual(answers + failures, report["requests"]["count"])
        self.assertEqual(report["latency_ms"]["count"], answers)
        self.assertEqual(sum(bar["count"] for bar in report["histogram"]), answers)
        self.assertEqual(report["histogram"][0]["from_ms"], report["latency_ms"]["min"])
        self.assertEqual(report["histogram"][-1]["to_ms"], report["latency_ms"]["max"])
        for last, bar in zip(report["histogram"], report["histogram"][1:]):
            self.assertEqual(last["to_ms"], bar["from_ms"])

    def test_counters_are_the_sums_of_their_samples(self):
        for metric in ("http_reqs", "iterations", "tokens_out", "data_sent"):
            total = sum(self.values(metric))
            self.assertEqual(self.export["metrics"][metric]["count"], total)
            self.assertEqual(self.data["metrics"][metric]["values"]["count"], total)
            self.assertEqual(self.machine[metric]["count"], total)

    def test_trends_have_the_extremes_and_the_average_of_their_samples(self):
        for metric in ("http_req_duration", "http_req_waiting", "iteration_duration"):
            samples = self.values(metric)
            for values in (self.export["metrics"][metric], self.data["metrics"][metric]["values"],
                           self.machine[metric]):
                self.assertEqual(values["min"], min(samples))
                self.assertEqual(values["max"], max(samples))
                self.assertAlmostEqual(values["avg"], sum(samples) / len(samples))

    def test_rates_count_what_is_not_zero(self):
        for metric in ("http_req_failed", "checks"):
            samples = self.values(metric)
            passes = sum(1 for value in samples if value != 0)
            fails = len(samples) - passes
            self.assertEqual(self.export["metrics"][metric]["passes"], passes)
            self.assertEqual(self.data["metrics"][metric]["values"],
                             {"rate": passes / len(samples), "passes": passes, "fails": fails})
        self.assertEqual(self.machine["checks_succeeded"]["matches"], passes)
        self.assertEqual(self.machine["checks_failed"]["matches"], fails)

    def test_a_threshold_that_failed_is_true_in_one_shape_and_not_ok_in_the_other(self):
        for name, metric in self.data["metrics"].items():
            for source, verdict in metric.get("thresholds", {}).items():
                exported = self.export["metrics"][name]["thresholds"][source]
                self.assertEqual(exported, not verdict["ok"])

    def test_the_text_has_the_numbers_of_the_files(self):
        for name in ("blocks.txt", "coloured.txt"):
            text = re.sub("\x1b\\[[0-9]+m", "", (FOLDER / name).read_text())
            for metric in ("http_reqs", "iterations", "tokens_out"):
                line = next(line for line in text.splitlines() if line.lstrip().startswith(metric + "."))
                count = self.export["metrics"][metric]["count"]
                self.assertIn(f"{count:g}", line)

    def test_json_is_utf8_and_keeps_what_csv_must_quote(self):
        names = {point["data"]["tags"].get("name") for point in self.points}
        self.assertIn('http://a/?x=1,2&y="q"', names)
        self.assertIn("http://a/café", names)
        notes = {point["data"]["tags"].get("note") for point in self.points}
        self.assertIn("two\nlines", notes)


unittest.main()
