"""The measures: each asks pm4py one question about a restated log and puts the answer beside that of the findings.

Durations of pm4py are seconds as floats; half a millisecond is allowed, since ours are rounded to milliseconds.
"""
from collections import Counter

import numpy as np

from .restated import ACTIVITY, CASE, HELD, TERMINAL, TIME, pd, pm4py
from pm4py.algo.discovery.dfg.adapters.pandas.df_statistics import get_dfg_graph
from pm4py.statistics.rework.cases.pandas import get as rework_of_cases
from pm4py.statistics.traces.generic.pandas import case_statistics

MS = 0.501
RATIO = 1e-9


def counted(log, **how):
    """pm4py counts the directly-follows pairs of a log; none where no case has two events."""
    return pm4py.discover_dfg(log, **how)[0] if log[CASE].duplicated().any() else {}


def durations(log):
    """The milliseconds of every directly-follows pair, as pm4py computes them."""
    if not log[CASE].duplicated().any():
        return {}
    raw = get_dfg_graph(log, measure="performance", perf_aggregation_key="raw_values")
    return {pair: [round(second * 1000) for second in seconds] for pair, seconds in raw.items()}


def check_summary(values, what, ours, milliseconds):
    """A distribution of the findings against a list of durations."""
    values.check(f"{what} n", ours["n"], len(milliseconds))
    for key in ("mean", "min", "max", "p50", "p75", "p90", "p95", "p99"):
        if key in ours:
            values.check(f"{what} {key}", ours[key], statistic(key, milliseconds), MS)


def statistic(key, milliseconds):
    if not len(milliseconds):
        return None
    if key in ("mean", "min", "max"):
        return float(getattr(np, key)(milliseconds))
    return float(np.percentile(milliseconds, float(key[1:])))


def extent(log, found, values):
    """Events, cases, completed cases, first and last instant, steps of no duration."""
    visits = log.labelled(log.events["state"])
    ours = found["input"]
    values.check("events", ours["events"], sum(pm4py.get_event_attribute_values(visits, ACTIVITY).values()))
    values.check("cases", ours["cases"], sum(pm4py.get_variants(visits).values()))
    for key, instant in (("first_event", log.events[TIME].min()), ("last_event", log.as_of())):
        values.check(key, pd.Timestamp(ours[key]).value, instant.value)
    steps = [step for pair in durations(visits).values() for step in pair]
    values.check("tie_share", ours["tie_share"], steps.count(0) / len(steps), RATIO)


def visits(log, found, values):
    """Visits of each state, and cases that visit it."""
    runs = log.runs(log.events["state"])
    ours = {state["state"]: state for state in found["states"]}
    for key, once in (("visits", False), ("cases", True)):
        theirs = pm4py.get_event_attribute_values(runs, ACTIVITY, count_once_per_case=once)
        values.check_counts(key, {name: state[key] for name, state in ours.items()}, theirs)


def starts(log, found, values):
    """Cases that start in a state: its visits that no transition leads to."""
    ours = {state["state"]: state["visits"] for state in found["states"]}
    for step in found["transitions"]:
        ours[step["to"]] -= step["count"]
    values.check_counts("starts in", ours, pm4py.get_start_activities(log.runs(log.events["state"])))


def ends(log, found, values):
    """Cases whose last state is this one: its visits that nothing follows; completed and open cases."""
    ours = {state["state"]: state["open_visits"] for state in found["states"]}
    values.check_counts("ends in", ours, pm4py.get_end_activities(log.runs(log.events["state"])))
    ends = pm4py.get_end_activities(log.labelled(log.events["class"]))
    completed = sum(count for label, count in ends.items() if label in TERMINAL)
    values.check("completed", found["input"]["completed_cases"], completed)
    values.check("open", found["input"]["open_cases"], sum(ends.values()) - completed)


def follows(log, found, values):
    """Directly-follows counts."""
    ours = {(step["from"], step["to"]): step["count"] for step in found["transitions"]}
    values.check_counts("follows", ours, counted(log.runs(log.events["state"])))


def step_times(log, found, values):
    """Mean, median and p90 of the time of each directly-follows pair; time in each state."""
    runs = log.runs(log.events["state"])
    theirs = pm4py.discover_performance_dfg(runs)[0]
    raw = durations(runs)
    for step in found["transitions"]:
        pair = (step["from"], step["to"])
        values.check(f"{pair} mean", step["mean_ms"], theirs[pair]["mean"] * 1000, MS)
        values.check(f"{pair} median", step["p50_ms"], theirs[pair]["median"] * 1000, MS)
        values.check(f"{pair} p90", step["p90_ms"], statistic("p90", raw[pair]), MS)
    for state in found["states"]:
        pairs = [pair for pair in raw if pair[0] == state["state"]]
        check_summary(values, state["state"], state["completed_ms"], [time for pair in pairs for time in raw[pair]])
        values.check(f"{state['state']} total", state["total_ms"], sum(sum(raw[pair]) for pair in pairs))


def repeats(log, found, values):
    """Steps that stay in a state, second and later visits of a state by a case, cases that were reopened."""
    ours = found["states"]
    steps = counted(log.labelled(log.events["state"]))
    stay = sum(count for (start, end), count in steps.items() if start == end)
    values.check("self-loops", found["input"]["events"] - sum(state["visits"] for state in ours), stay)
    repeated = rework_of_cases.apply(log.runs(log.events["state"])).values()
    rework = sum(state["visits"] - state["cases"] for state in ours)
    values.check("rework", rework, sum(case["rework"] for case in repeated))
    again = {state["state"]: 1 for state in ours if state["visits"] > state["cases"]}
    reworked = pm4py.get_rework_cases_per_activity(log.runs(log.events["state"]))
    values.check_counts("comes again:", again, dict.fromkeys(reworked, 1))
    if found["kpis"]["reopen_rate"] is not None:
        ends = log.labelled(log.events["ends"].map({True: "end", False: "open"}))
        reopened = pm4py.filter_directly_follows_relation(ends, [("end", "open")])
        values.check("reopen_rate", found["kpis"]["reopen_rate"], reopened[CASE].nunique() / found["input"]["cases"], RATIO)


def case_durations(log, found, values):
    """Time to completion, of completed cases; time to the first terminal state."""
    kpis = found["kpis"]
    for name, ours, events in (
        ("cycle time", kpis["cycle_time_ms"]["wall"], log.completed(log.until_completion())),
        ("first resolution", kpis["first_resolution_ms"], log.until_first_end()),
    ):
        cases = log.labelled(events["state"], events)
        seconds = pm4py.get_all_case_durations(cases) if len(cases) else []
        check_summary(values, name, ours, [round(second * 1000) for second in seconds])


def handed_over(log):
    """The runs of known owners in each case, by definition of the headline."""
    person = log.touches()
    return {
        "group": lambda: log.runs(log.events["group"]),
        "person": lambda: log.runs(log.events["assignee"]),
        "actor": lambda: log.runs(person["actor"], person),
        "group_or_unassigned": lambda: log.runs(log.owners("group").fillna("(nobody)")),
    }


def handoffs(log, found, values):
    """Handovers between groups, people and those who acted; by pair for the headline."""
    ours = found["handoffs"]
    for kind, runs in handed_over(log).items():
        if ours["kinds"][kind] is None:
            continue
        steps = counted(runs())
        values.check(f"{kind} total", ours["kinds"][kind]["total"], sum(steps.values()))
        with_any = runs().groupby(CASE).size().gt(1).sum()
        values.check(f"{kind} cases", ours["kinds"][kind]["cases"], int(with_any))
    runs = handed_over(log)[ours["definition"]]()
    pairs = {(pair["from"], pair["to"]): pair["count"] for pair in ours["pairs"]}
    values.check_counts("handoffs", pairs, counted(runs))
    network = pm4py.discover_handover_of_work_network(runs, resource_key=ACTIVITY).connections
    all_handoffs = len(runs) - runs[CASE].nunique()
    shares = {pair: round(share * all_handoffs, 6) for pair, share in network.items()}
    values.check_counts("handover of work", pairs, shares)


def ping_pong(log, found, values):
    """Handoffs to the owner before last, and to any owner before."""
    ours = found["handoffs"]
    runs = handed_over(log)[ours["definition"]]()
    back = {way: sum(a == b for a, b in zip(way, way[2:])) for way in pm4py.get_variants(runs)}
    theirs = pm4py.get_variants(runs)
    values.check("ping-pongs", ours["ping_pong"]["total"], sum(back[way] * count for way, count in theirs.items()))
    values.check("cases", ours["ping_pong"]["cases"], sum(count for way, count in theirs.items() if back[way]))
    values.check("returns", ours["returns"], sum(case["rework"] for case in rework_of_cases.apply(runs).values()))


def resources(log, found, values):
    """Events of those who are no people, steps between them and people, touches, cases by attribute."""
    if found["handoffs"]["kinds"]["human_bot"] is not None:
        theirs = pm4py.get_event_attribute_values(log.labelled(log.events["actor"]), ACTIVITY)
        ours = {bot["actor"]: bot["rows"] for bot in found["bots"]}
        values.check_counts("events of", ours, {bot: theirs[bot] for bot in log.bots})
        sides = log.events["actor"].map(lambda actor: "bot" if actor in log.bots else "person" if actor else "nobody")
        steps = counted(log.labelled(sides))
        between = steps.get(("bot", "person"), 0) + steps.get(("person", "bot"), 0)
        values.check("human_bot", found["handoffs"]["kinds"]["human_bot"]["total"], between)
        touches = log.touches()
        people = pm4py.get_event_attribute_values(log.labelled(touches["actor"], touches), ACTIVITY)
        values.check("touches", found["buckets"]["all_touches"], sum(people.values()))
    cuts = {cut["key"]: cut["n"] for cut in found["kpi_cuts"] if cut["kpi"] == "exception_rate"}
    for name in log.segments:
        first = log.events.groupby(CASE)[f"segment {name}"].transform("first")
        theirs = pm4py.get_event_attribute_values(log.labelled(first), ACTIVITY, count_once_per_case=True)
        for value, cases in theirs.items():
            # the findings leave out rare values
            if f"{name}={value}" in cuts:
                values.check(f"cases {name}={value}", cuts[f"{name}={value}"], cases)


def described(log, events):
    """Start, end and duration of each case in milliseconds, as pm4py describes cases."""
    cases = case_statistics.get_cases_description(log.labelled(events["state"], events))
    table = pd.DataFrame.from_dict(cases, orient="index")
    length = (table["caseDuration"] * 1000).round().astype("int64")
    start = events.groupby(CASE)[TIME].min().reindex(table.index).astype("int64") // 10**6
    assert (start // 1000 == table["startTime"]).all()  # pm4py drops the milliseconds of the start
    return pd.DataFrame({"start": start, "end": start + length, "length": length})


def stale(log):
    """Open cases silent for longer than 90 days and the p99 of all gaps."""
    instants = log.instants()
    gaps = [gap for pair in durations(log.labelled(instants["state"], instants)).values() for gap in pair]
    limit = max(statistic("p99", gaps), 90 * 86_400_000)
    last = instants.groupby(CASE, sort=False).tail(1)
    silent = (log.as_of() - last[TIME]) / pd.Timedelta(milliseconds=1)
    return set(last[(silent > limit) & ~last["ends"]][CASE])


def arrivals(log, found, values):
    """Cases that arrive in each ISO week, on average in a day, and inside the dense window."""
    cases = described(log, log.events)
    start = pd.to_datetime(cases["start"], unit="ms", utc=True)
    weeks = start.dt.isocalendar().apply(lambda day: f"{day['year']}-W{day['week']:02}", axis=1)
    ours = {
        cut["key"]: cut["n"]
        for cut in found["kpi_cuts"]
        if cut["dimension"] == "week" and cut["kpi"] == "exception_rate"
    }
    values.check_counts("cases of", ours, Counter(weeks))
    first, last = (pd.Timestamp(found["window"][key], tz="UTC") for key in ("dense_from", "dense_to"))
    inside = (start >= first) & (start < last + pd.Timedelta(days=1))
    values.check("cases outside the window", found["window"]["cases_outside"], int((~inside).sum()))


def active_cases(log, found, values):
    """Work in process, arrivals a day and time of a case over the dense window, without stale cases."""
    left_out = stale(log)
    values.check("stale cases", found["stale_cases"], len(left_out))
    cases = described(log, log.with_end_of_log(log.until_completion()))
    cases = cases[~cases.index.isin(left_out)]
    first = pd.Timestamp(found["window"]["dense_from"], tz="UTC").value // 10**6
    after = pd.Timestamp(found["window"]["dense_to"], tz="UTC").value // 10**6 + 86_400_000
    open_inside = (cases["end"].clip(upper=after) - cases["start"].clip(lower=first)).clip(lower=0).sum()
    arrived = cases[(cases["start"] >= first) & (cases["start"] < after)]
    ours = found["little"]
    values.check("work in process", ours["wip"], open_inside / (after - first), RATIO * ours["wip"])
    values.check("arrivals a day", ours["arrivals_per_day"], len(arrived) / ((after - first) / 86_400_000), RATIO)
    values.check("mean time", ours["cycle_ms"], arrived["length"].mean(), MS)


def exceptions(log, found, values):
    """Runs of blocked and waiting states and gaps before a reopening: number, how they ended, how long."""
    kpis, kinds = found["kpis"], log.events["class"]
    waits = log.runs(kinds.map(lambda kind: "held" if kind in HELD else kind if kind in TERMINAL else "work"))
    gaps = log.runs(log.events["ends"].map({True: "end", False: "open"}))
    wait_times, gap_times = durations(waits), durations(gaps).get(("end", "open"), [])
    ended = {end: wait_times.get(("held", end), []) for end in ("work", "done", "cancelled")}
    ours = kpis["exception_mttr_ms"]
    check_summary(values, "exceptions", ours, [*gap_times, *(time for times in ended.values() for time in times)])
    values.check("resumed", ours["ended"]["resumed"], len(ended["work"]) + len(gap_times))
    values.check("resolved from wait", ours["ended"]["resolved_from_wait"], len(ended["done"]))
    values.check("cancelled", ours["ended"]["cancelled"], len(ended["cancelled"]))
    values.check("open", ours["open"], pm4py.get_end_activities(waits).get("held", 0))
    held = waits[waits[ACTIVITY] == "held"][CASE]
    reopened = pm4py.filter_directly_follows_relation(gaps, [("end", "open")])[CASE]
    values.check("rate", kpis["exception_rate"], len({*held, *reopened}) / found["input"]["cases"], RATIO)
    asked = log.runs(kinds.map(lambda kind: kind if kind == "waiting_requester" or kind in TERMINAL else "work"))
    resumed = durations(asked).get(("waiting_requester", "work"), [])
    check_summary(values, "missing information", kpis["missing_information_mttr_ms"], resumed)


def ledger(log, found, values):
    """All time of all cases, and the part of each class."""
    events = log.with_end_of_log(log.until_completion())
    seconds = pm4py.get_all_case_durations(log.labelled(events["state"], events))
    values.check("total", found["ledger"]["total_ms"], sum(round(second * 1000) for second in seconds))
    ours = Counter()
    for cell in found["ledger"]["cells"]:
        ours[cell["class"]] += cell["duration_ms"]
    theirs = Counter()
    for (kind, _), times in durations(log.labelled(events["class"], events)).items():
        theirs["reopened_gap" if kind in TERMINAL else kind] += sum(times)
    values.check_counts("time in", ours, theirs)


MEASURES = (
    extent, visits, starts, ends, follows, step_times, repeats, case_durations,
    handoffs, ping_pong, resources, arrivals, active_cases, exceptions, ledger,
)
