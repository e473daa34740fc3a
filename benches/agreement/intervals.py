"""Measures of logs whose rows have a start and an end; those not redefined here are asked as for events."""
from .measures import (
    MS, active_cases, arrivals, case_durations, check_summary, handoffs, ping_pong, resources,
)
from .restated import ACTIVITY, CASE, START, TIME, pd, pm4py


def activities(log):
    """The activities with their ends as times, as pm4py has them."""
    return log.events.assign(**{ACTIVITY: log.events["activity"], TIME: log.events["end"]})


def extent(log, found, values):
    """Activities, cases, completed cases, first start and last end."""
    ours = found["input"]
    values.check("events", ours["events"], sum(pm4py.get_event_attribute_values(activities(log), ACTIVITY).values()))
    values.check("cases", ours["cases"], sum(pm4py.get_variants(activities(log)).values()))
    for key, instant in (("first_event", log.events[TIME].min()), ("last_event", log.as_of())):
        values.check(key, pd.Timestamp(ours[key]).value, instant.value)


def ends(log, found, values):
    """Cases that are finished, cases whose activities end."""
    values.check("completed", found["input"]["completed_cases"], int(log.finished.sum()))
    values.check("open", found["input"]["open_cases"], int((~log.finished).sum()))


def visits(log, found, values):
    """Active visits of each activity, and cases that have it."""
    ours = {state["state"]: state for state in found["states"] if state["class"] == "active"}
    for key, once in (("visits", False), ("cases", True)):
        theirs = pm4py.get_event_attribute_values(activities(log), ACTIVITY, count_once_per_case=once)
        values.check_counts(key, {name: state[key] for name, state in ours.items()}, theirs)


def step_times(log, found, values):
    """Service time of each activity: from its start to its end; queued time from what came before to its start."""
    ours = {state["state"]: state for state in found["states"]}
    for key, aggregate in (("mean", "mean"), ("p50", "median"), ("min", "min"), ("max", "max"), ("total", "sum")):
        theirs = pm4py.get_service_time(activities(log), start_timestamp_key=START, aggregation_measure=aggregate)
        for activity, seconds in theirs.items():
            state = ours[activity]
            value = state["total_ms"] if key == "total" else state["completed_ms"][key]
            values.check(f"{activity} {key}", value, seconds * 1000, MS)
    waits = log.waits()
    for activity, times in waits.dropna().groupby(log.events["activity"]):
        check_summary(values, f"{activity} queued", ours[f"{activity} (queued)"]["completed_ms"], list(times))


INTERVALS = (
    extent, visits, ends, step_times, case_durations, handoffs, ping_pong, resources, arrivals, active_cases,
)
