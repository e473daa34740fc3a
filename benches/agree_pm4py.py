#!/usr/bin/env python3
"""Compares counts and durations of `wcaf analyze --format json` with those of pm4py, on public logs.

    agree_pm4py.py WCAF LOGS [-v]

WCAF is the program, LOGS the folder of docs/LOGS.md. pm4py (`pip install pm4py`) runs in this process, wcaf in one of
its own. Prints a table of logs and measures; exits with 1 where a difference is not among the known ones of
docs/AGREEMENT.md or a known one is gone. -v lists every value that differs.
"""
import json
import subprocess
import sys
from pathlib import Path

from agreement.intervals import INTERVALS
from agreement.measures import MEASURES
from agreement.plain import PLAIN
from agreement.restated import IntervalLog, Log, pm4py
from agreement.values import Values

# short name, file, and the form of the times in a CSV
LOGS = (
    ("servicenow", "servicenow-incidents/incident_event_log.zip", "%d/%m/%Y %H:%M"),
    ("volvo-closed", "volvo-problems/closed_problems.xes.gz", None),
    ("volvo-open", "volvo-problems/open_problems.xes.gz", None),
    ("helpdesk", "italian-helpdesk/helpdesk.xes.gz", None),
    ("travel", "travel-approvals/BPI_2020_PrepaidTravelCost.xes.gz", None),
    ("permit", "permit-receipt/receipt.csv", "ISO8601"),
    ("credentials", "start-end/ConsultaDataMining201618.csv.gz", "ISO8601"),
)

EVENTS = {"servicenow", "volvo-closed", "volvo-open", "helpdesk", "travel", "permit"}
# measure and value -> reason in docs/AGREEMENT.md, and the logs on which it differs
KNOWN = {
    ("plain_case_duration", "median"): ("completion", EVENTS - {"volvo-closed"}),
    ("plain_arrival_rate", "a day"): ("window", EVENTS),
    ("plain_follows", "all"): ("self-loops", EVENTS - {"travel"}),
    ("plain_handovers", "all"): ("same-person", EVENTS),
    ("plain_rework", "all"): ("visits", EVENTS),
}


def findings(wcaf, path):
    """The findings of a log with nothing but guesses; with names, since handoffs between people are compared."""
    run = [wcaf, "analyze", str(path), "--format", "json", "--people", "--quiet"]
    return json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)


def compare(wcaf, folder):
    """All values by measure and log."""
    results = {}
    for name, file, time_format in LOGS:
        found = findings(wcaf, folder / file)
        intervals = found["mapping"]["family"]["value"] == "start_end"
        log = (IntervalLog if intervals else Log)(folder / file, time_format, found)
        for measure in INTERVALS if intervals else (*MEASURES, *PLAIN):
            values = results[measure.__name__, name] = Values()
            measure(log, found, values)
            assert values.compared, f"{measure.__name__} compares nothing on {name}"
    return results


def reasons(measure, name):
    """The values that are known to differ, with the reason."""
    known = ((key, reason) for key, (reason, logs) in KNOWN.items() if name in logs)
    return {value: reason for (of, value), reason in known if of == measure}


def cell(measure, name, values):
    """What stands in the table, and how many values are not as known."""
    known, differ = reasons(measure, name), {what for what, _, _ in values.differ}
    unexpected = differ ^ known.keys()
    text = f"{values.compared} agree" if not differ else f"{len(differ)} of {values.compared} differ"
    if differ & known.keys():
        text += f" ({', '.join(sorted({known[what] for what in differ & known.keys()}))})"
    if unexpected:
        text += f", {len(unexpected)} NOT AS KNOWN"
    return text, len(unexpected)


def main():
    results = compare(sys.argv[1], Path(sys.argv[2]))
    names = [name for name, _, _ in LOGS]
    unexpected = 0
    print(f"pm4py {pm4py.__version__}\n\n| measure | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for measure in dict.fromkeys(measure for measure, _ in results):
        cells = [cell(measure, name, results[measure, name]) if (measure, name) in results else ("", 0) for name in names]
        unexpected += sum(number for _, number in cells)
        print(f"| {measure.replace('_', ' ')} | {' | '.join(text for text, _ in cells)} |")
    print("\n| measure | log | value | wcaf | pm4py | reason |\n|---|---|---|--:|--:|---|")
    for (measure, name), values in results.items():
        known = reasons(measure, name)
        for what, ours, theirs in values.differ[: None if "-v" in sys.argv else 10]:
            print(f"| {measure.replace('_', ' ')} | {name} | {what} | {ours} | {theirs} | {known.get(what, 'unknown')} |")
        for what in known.keys() - {what for what, _, _ in values.differ}:
            print(f"| {measure.replace('_', ' ')} | {name} | {what} | agrees now | | {known[what]} is gone |")
    asked = [values for (measure, _), values in results.items() if not measure.startswith("plain")]
    compared, differ = sum(values.compared for values in asked), sum(len(values.differ) for values in asked)
    print(f"\n{compared} values compared on the same question, {differ} differ; {unexpected} are not as known")
    sys.exit(1 if unexpected else 0)


if __name__ == "__main__":
    main()
