"""Reads the reports of a folder as other programs would: JUnit by an XML parser, CSV, the page by an HTML parser, and
the workbook by openpyxl."""
import csv
import html.parser
import sys
import xml.etree.ElementTree as tree

import openpyxl

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()


folder = sys.argv[1]
suites = tree.parse(folder + "/r.xml").getroot()
cases = suites.findall(".//testcase")
failures = suites.findall(".//failure")
assert int(suites.get("tests")) == len(cases) and int(suites.get("failures")) == len(failures)

with open(folder + "/r.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
iterations = [row["value"] for row in rows if row["scope"] == "run" and row["metric"] == "iterations"
              and row["statistic"] == "count"]
assert any(row["scope"] == "time" for row in rows)

page = Page()
with open(folder + "/r.html", encoding="utf-8") as file:
    page.feed(file.read())
page.close()
assert not page.open, page.open

book = openpyxl.load_workbook(folder + "/r.xlsx")
assert book.sheetnames == ["Summary", "Metrics by name", "Over time", "Failures", "Options"], book.sheetnames
summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
assert isinstance(summary["Iterations"], (int, float))
steps = list(book["Over time"].iter_rows(values_only=True))
assert steps[0][:3] == ("time", "seconds", "VUs") and len(steps) > 1, steps[:2]
assert book["Options"]["A1"].value == "{"

print(f"testcases {len(cases)} failures {len(failures)}, iterations {', '.join(iterations)}, page closes what it opens, "
      f"iterations of the workbook {summary['Iterations']}")
