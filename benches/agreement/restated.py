"""A log as pm4py reads it, and the same log restated so that pm4py is asked what the findings answer.

Told by the findings: which column has which role, which texts stand for nothing, which acts are completed ones, the
class of each state, who is a bot. Everything else is read and computed by pm4py and pandas from the file.
"""
import contextlib
import io
import os
import warnings

import pandas as pd

os.environ["PM4PY_SHOW_PROGRESS_BAR"] = "False"
with contextlib.redirect_stdout(io.StringIO()):
    import pm4py

# of pm4py's own use of pandas, and of its advice to use another way to read XES
warnings.filterwarnings("ignore")

CASE, ACTIVITY, TIME, START = "case:concept:name", "concept:name", "time:timestamp", "start_timestamp"
TERMINAL = {"done", "cancelled"}
HELD = {"blocked", "waiting_requester", "waiting_external"}


def read(path, time_format):
    """All events in the order of the file, columns as texts, times in UTC."""
    if time_format is None:
        table = pm4py.read_xes(str(path), return_legacy_log_object=False)
    else:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.reset_index(drop=True)


def instants(column, time_format):
    """Instants in nanoseconds: pm4py divides by 10⁹ in places, whatever the unit of pandas is."""
    if time_format is not None:
        column = pd.to_datetime(column, format=time_format, utc=True)
    return column.dt.tz_convert("UTC").dt.as_unit("ns")


def in_order(events, by=TIME):
    """By case, then time, then place in the file."""
    return events.sort_values(by, kind="stable").sort_values(CASE, kind="stable").reset_index(drop=True)


class Log:
    """The events with the columns `state`, `class`, `group`, `person`, `actor` in the order of the analysis."""

    def __init__(self, path, time_format, findings):
        self.findings = findings
        self.bots = {bot["actor"] for bot in findings["bots"]}
        events = self.with_roles(read(path, time_format), time_format)
        # pm4py orders by case and time itself; a stable order keeps the file's order where times are equal
        self.events = in_order(events)
        self.has_state = events["state"].notna().any()
        self.events["state"] = self.states()
        classes = {state["state"]: state["class"] for state in findings["states"]}
        self.events["class"] = self.events["state"].map(classes)
        self.events["ends"] = self.events["class"].isin(TERMINAL)

    def with_roles(self, table, time_format):
        """The columns of the file that have a role, by the names of the roles."""
        mapping = self.findings["mapping"]
        nulls = {(null["column"], null["literal"]) for null in mapping["nulls"] if null["applied"]}
        self.segments = {
            part["column"]: self.texts(table, part["column"], nulls)
            for role, part in mapping.items()
            if role.startswith("segment.")
        }
        role = lambda name: self.texts(table, mapping.get(name, {}).get("column"), nulls)
        events = pd.DataFrame({CASE: role("case"), TIME: instants(table[mapping["time"]["column"]], time_format)})
        for name in ("state", "activity", "group", "assignee", "actor"):
            events[name] = role(name)
        for name, values in self.segments.items():
            events[f"segment {name}"] = values
        if "start" in mapping:
            events[START] = instants(table[mapping["start"]["column"]], time_format)
        return events

    @staticmethod
    def texts(table, column, nulls):
        """A column as texts, nothing where it is empty; `a/b` joins two columns."""
        if column is None:
            return pd.Series(None, index=table.index, dtype=object)
        if column in table:
            values = table[column].astype(object)
        else:
            first, second = column.split("/")
            values = table[first].astype(object) + "/" + table[second].astype(object)
        values = values.map(lambda value: None if pd.isna(value) or value == "" else str(value))
        return values.map(lambda value: None if (column, value) in nulls else value).astype(object)

    def states(self):
        """The state in force after each event. After a completed act the case is on its way to the next one."""
        events = self.events
        if self.has_state:
            return events.groupby(CASE, sort=False)["state"].ffill().fillna("(none)")
        means = self.findings["mapping"]["activity_means"]
        classes = {state["state"]: state["class"] for state in self.findings["states"]}
        following = events.groupby(CASE, sort=False)["activity"].shift(-1)
        on_the_way = "→ " + following.where(following.notna(), "?").astype(object)
        over = lambda act: means[act]["value"] == "completed" and classes.get(act) not in TERMINAL
        return events["activity"].where(~events["activity"].map(over), on_the_way)

    def owners(self, column):
        """Owners in force: an empty one is nobody, or the one before."""
        if self.findings["mapping"]["missing_owner"]["value"] == "unassigned":
            return self.events[column]
        return self.events.groupby(CASE, sort=False)[column].ffill()

    def labelled(self, labels, events=None):
        """The events with these labels as the activities of pm4py; those without a label are left out."""
        events = self.events if events is None else events
        log = events.assign(**{ACTIVITY: labels})
        return log[log[ACTIVITY].notna()]

    def runs(self, labels, events=None):
        """The same with one event for each run of equal labels: its first."""
        log = self.labelled(labels, events)
        same = (log[CASE] == log[CASE].shift()) & (log[ACTIVITY] == log[ACTIVITY].shift())
        return log[~same.fillna(False).astype(bool)]

    def until_completion(self):
        """Completed cases up to the start of their final unbroken run of terminal states; open ones as they are."""
        events = self.events
        open_after = (~events["ends"]).iloc[::-1].groupby(events[CASE].iloc[::-1], sort=False).cumsum().iloc[::-1]
        in_final_run = open_after == 0
        before = in_final_run.groupby(events[CASE], sort=False).shift(fill_value=False)
        return events[~(in_final_run & before)]

    def completed(self, events):
        """Only the cases whose last state is terminal."""
        return events[events[CASE].map(self.events.groupby(CASE)["ends"].last())]

    def until_first_end(self):
        """Cases that ever were in a terminal state, up to the first time."""
        events = self.events
        ended = events.groupby(CASE, sort=False)["ends"].cumsum()
        before = ended.groupby(events[CASE], sort=False).shift(fill_value=0)
        return events[(before == 0) & (events.groupby(CASE)["ends"].transform("any"))]

    def with_end_of_log(self, events):
        """Open cases with one more event when the log ends, since their time counts up to then."""
        last = events.groupby(CASE, sort=False).tail(1)
        last = last[~last["ends"]].assign(**{TIME: self.as_of()})
        return in_order(pd.concat([events, last]))

    def instants(self):
        """The events, one for each instant that the log knows of a case."""
        return self.events

    def as_of(self):
        return self.events[TIME].max()

    def touches(self):
        """First events of touches: events of people, without those soon after one of the same person."""
        events = self.events[self.events["actor"].notna() & ~self.events["actor"].isin(self.bots)]
        since = events.groupby([CASE, "actor"], sort=False)[TIME].diff()
        window = pd.Timedelta(milliseconds=self.findings["mapping"]["touch_window_ms"])
        return events[~(since <= window)]


class IntervalLog(Log):
    """Activities with start and end: the events are starts, ordered by start, end, and place in the file."""

    def __init__(self, path, time_format, findings):
        self.findings = findings
        self.bots = {bot["actor"] for bot in findings["bots"]}
        events = self.with_roles(read(path, time_format), time_format)
        events["end"] = events[TIME]
        events[TIME] = events[START]
        events["state"] = events["activity"]
        self.events = in_order(in_order(events, "end"))
        # the owner is that of the activity the case is in: of those that overlap, the one that started first
        self.events.loc[~self.to_the_fore(), ["group", "assignee"]] = None
        last = self.events.sort_values("end", kind="stable").groupby(CASE).tail(1).set_index(CASE)["activity"]
        closing = last.value_counts()
        closing = set(closing[closing * 20 >= len(last)].index)
        self.finished = last.isin(closing)

    def to_the_fore(self):
        """Whether each activity is at any time the one that started first of those that run."""
        ended = self.latest_end(self.events, [CASE])
        brief = self.events[TIME] == self.events["end"]
        return ended.isna() | (self.events["end"] > ended) | (brief & (self.events["end"] == ended))

    @staticmethod
    def latest_end(events, by):
        """The latest end of the activities before each; none before the first."""
        return events.groupby(by, sort=False)["end"].cummax().groupby([events[key] for key in by], sort=False).shift()

    def touches(self):
        """Starts of activities of people, without those soon after the end of one of the same person, or before it."""
        events = self.events[self.events["actor"].notna() & ~self.events["actor"].isin(self.bots)]
        since = events[TIME] - self.latest_end(events, [CASE, "actor"])
        window = pd.Timedelta(milliseconds=self.findings["mapping"]["touch_window_ms"])
        return events[~(since <= window)]

    def until_completion(self):
        """Each case as two events: its first start and its last end."""
        first = self.events.groupby(CASE, sort=False).head(1).assign(ends=False)
        last = self.events.sort_values("end", kind="stable").groupby(CASE).tail(1)
        last = last.assign(**{TIME: last["end"], "ends": last[CASE].map(self.finished)})
        return in_order(pd.concat([first, last]))

    def completed(self, events):
        return events[events[CASE].map(self.finished)]

    def until_first_end(self):
        return self.completed(self.until_completion())

    def instants(self):
        starts, ends = self.events.assign(ends=False), self.events.assign(**{TIME: self.events["end"]})
        return in_order(pd.concat([starts, ends.assign(ends=ends[CASE].map(self.finished))]))

    def as_of(self):
        return self.events["end"].max()

    def waits(self):
        """Milliseconds from the latest end of an activity that came before to the start of each; none for the first."""
        waits = pd.Series(float("nan"), index=self.events.index)
        for _, case in self.events.groupby(CASE):
            for place in range(1, len(case)):
                start = case[TIME].iloc[place]
                ended = [end for end in case["end"].iloc[:place] if end <= start]
                if ended:
                    waits[case.index[place]] = round((start - max(ended)) / pd.Timedelta(milliseconds=1))
        return waits
