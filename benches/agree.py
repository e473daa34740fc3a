#!/usr/bin/env python3
"""Compares findings.json with the output of the DuckDB reference program (`peers/duck_w.py`).

    agree.py FINDINGS.json DUCK.json

States (visits, completed, total, mean, percentiles), transitions (count, median), handoffs and ping-pong of groups
must agree: counts and totals exactly, percentiles and means to the millisecond.
"""
import json
import sys

from agreement.values import Values

findings, duck = (json.load(open(path)) for path in sys.argv[1:3])
values = Values()
check = values.check
check("events", findings["input"]["events"], duck["events"])
check("cases", findings["input"]["cases"], duck["n_cases"])
states = {state["state"]: state for state in findings["states"]}
assert states.keys() == duck["states"].keys(), (states.keys(), duck["states"].keys())
for name, theirs in duck["states"].items():
    ours = states[name]
    check(f"{name} visits", ours["visits"], theirs["visits"])
    check(f"{name} completed", ours["completed_ms"]["n"], theirs["completed"])
    check(f"{name} total", ours["total_ms"], theirs["total_ms"])
    check(f"{name} mean", ours["completed_ms"]["mean"], theirs["mean_ms"], 0.5)
    for p in ("p50", "p90", "p95", "p99"):
        check(f"{name} {p}", ours["completed_ms"][p], theirs[p], 0.5)
transitions = {f"{t['from']}>{t['to']}": t for t in findings["transitions"]}
assert transitions.keys() == duck["transitions"].keys()
for name, theirs in duck["transitions"].items():
    check(f"{name} count", transitions[name]["count"], theirs["count"])
    check(f"{name} median", transitions[name]["p50_ms"], theirs["median_ms"], 0.5)
check("group handoffs", findings["handoffs"]["kinds"]["group"]["total"], duck["cases"]["handoffs"]["total"])
check("person handoffs", findings["handoffs"]["kinds"]["person"]["total"], duck["cases"]["reassignments"]["total"])
check("ping-pong", findings["handoffs"]["ping_pong"]["total"], duck["cases"]["pingpong"]["total"])
print(f"{values.compared} values compared, {len(values.differ)} differ")
for row in values.differ[:20]:
    print("  ", *row)
sys.exit(1 if values.differ else 0)
