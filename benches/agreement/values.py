"""Values of the findings beside values of another program."""


class Values:
    """Collects pairs of values under a heading, and those that differ."""

    def __init__(self):
        self.compared = 0
        self.differ = []

    def check(self, what, ours, theirs, tolerance=0.0):
        """Two numbers or texts; a missing one agrees only with a missing one."""
        self.compared += 1
        if ours is None or theirs is None or isinstance(ours, str):
            same = ours == theirs
        else:
            same = abs(ours - theirs) <= tolerance
        if not same:
            self.differ.append((what, ours, theirs))

    def check_counts(self, what, ours, theirs):
        """Two tables from key to count; what counts 0 may be left out of either."""
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            self.check(f"{what} {key}", ours.get(key, 0), theirs.get(key, 0))
