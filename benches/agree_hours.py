#!/usr/bin/env python3
"""Compares working time of `wcaf analyze` with pm4py's business hours, on 1,000 random pairs of instants.

    agree_hours.py WCAF

WCAF is the program. pm4py (`pip install pm4py`) runs in this process, wcaf in one of its own. Each pair is a case of two
events; its cycle time on the business clock is read from the table of cases, as Parquet. Prints a table and exits with
1 where a difference is not as docs/AGREEMENT.md explains it.
"""
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas
import pm4py
from pm4py.util.business_hours import BusinessHours

PAIRS = 1_000
HOUR = 3_600
DAY = 24 * HOUR
# 09:00-17:00 from Monday to Friday, in seconds of the week
SLOTS = [(day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5)]
BERLIN = ZoneInfo("Europe/Berlin")


def pairs():
    """Pairs up to 60 days apart, to the second, the same in every run; the first is a summer day of work in Berlin."""
    numbers = random.Random(7)
    found = [(datetime(2024, 7, 3, 7, tzinfo=timezone.utc), datetime(2024, 7, 3, 15, tzinfo=timezone.utc))]
    while len(found) < PAIRS:
        first = datetime(2023, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=numbers.randrange(3 * 365 * DAY))
        found.append((first, first + timedelta(seconds=numbers.randrange(numbers.choice((DAY, 7 * DAY, 60 * DAY))))))
    return found


def ours(wcaf, found, zone):
    """Working seconds of each pair by wcaf, with a calendar in a zone."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        rows = (f"{at:04},{when.isoformat()},{state}" for at, pair in enumerate(found) for when, state in zip(pair, ("New", "Done")))
        (folder / "log.csv").write_text("case,time,state\n" + "\n".join(rows) + "\n")
        (folder / "wcaf.toml").write_text(f'[calendar.office]\ntimezone = "{zone}"\nmon_fri = "09:00-17:00"\n')
        run = [wcaf, "analyze", "log.csv", "-o", "out", "--tables", "cases", "--quiet"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        cases = pandas.read_parquet(next((folder / "out").rglob("cases.parquet")))
        return [ms / 1000 for ms in cases.sort_values("case")["cycle_time_business_ms"]]


def theirs(found, zone):
    """Working seconds of each pair by pm4py, given times as the clock of a zone shows them."""
    local = ((first.astimezone(zone), last.astimezone(zone)) for first, last in found)
    return [BusinessHours(first, last, business_hour_slots=SLOTS).get_seconds() for first, last in local]


def main():
    wcaf, found = str(Path(sys.argv[1]).resolve()), pairs()
    questions = (
        ("calendar and times in UTC", "UTC", timezone.utc, True),
        ("calendar in Berlin, times given to pm4py as Berlin's clock shows them", "Europe/Berlin", BERLIN, True),
        ("calendar in Berlin, times given to pm4py in UTC, as they are stored", "Europe/Berlin", timezone.utc, False),
    )
    print(f"pm4py {pm4py.__version__}\n\n| question | pairs | equal | largest difference | first pair: wcaf | pm4py |")
    print("|---|--:|--:|--:|--:|--:|")
    as_explained = True
    for question, zone, shown, agrees in questions:
        left, right = ours(wcaf, found, zone), theirs(found, shown)
        apart = [abs(one - other) for one, other in zip(left, right)]
        equal = sum(seconds < 0.001 for seconds in apart)
        as_explained &= (equal == len(found)) == agrees
        hours = [f"{seconds / HOUR:.1f} h" for seconds in (max(apart), left[0], right[0])]
        print(f"| {question} | {len(found)} | {equal} | {' | '.join(hours)} |")
    sys.exit(0 if as_explained else 1)


if __name__ == "__main__":
    main()
