"""pm4py asked about the log as it is: what someone sees who compares without restating the question."""
from .measures import RATIO, counted, statistic
from .restated import ACTIVITY, CASE, pm4py
from pm4py.statistics.rework.cases.pandas import get as rework_of_cases


def as_it_is(log):
    """Every event with the activity that the file gives it, else the state."""
    told = log.events["activity"].notna().any()
    return log.labelled(log.events["activity" if told else "state"])


def plain_case_duration(log, found, values):
    """Median of pm4py's case durations, in ms, beside that of the cycle time."""
    seconds = pm4py.get_all_case_durations(as_it_is(log))
    values.check("median", found["kpis"]["cycle_time_ms"]["wall"]["p50"], statistic("p50", seconds) * 1000, 0.501)


def plain_arrival_rate(log, found, values):
    """Arrivals a day from pm4py's average time between arrivals, beside those of the dense window."""
    apart = pm4py.get_case_arrival_average(as_it_is(log))
    values.check("a day", found["little"]["arrivals_per_day"], 86_400 / apart, RATIO)


def plain_follows(log, found, values):
    """All directly-follows counts of pm4py together, beside our transitions."""
    ours = sum(step["count"] for step in found["transitions"])
    values.check("all", ours, sum(counted(as_it_is(log)).values()))


def plain_handovers(log, found, values):
    """Handovers of work of pm4py between resources, a step within one included, beside our handoffs of persons."""
    log = log.labelled(log.events["actor"])
    network = pm4py.discover_handover_of_work_network(log, resource_key=ACTIVITY).connections
    steps = len(log) - log[CASE].nunique()
    theirs = round(sum(network.values()) * steps)
    values.check("all", found["handoffs"]["kinds"]["person"]["total"], theirs)


def plain_rework(log, found, values):
    """Events of a case beyond the first of each activity, beside visits of a case beyond the first of each state."""
    ours = sum(state["visits"] - state["cases"] for state in found["states"])
    values.check("all", ours, sum(case["rework"] for case in rework_of_cases.apply(as_it_is(log)).values()))


PLAIN = (plain_case_duration, plain_arrival_rate, plain_follows, plain_handovers, plain_rework)
