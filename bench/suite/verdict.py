"""Whether a bar is met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    bar: object
    value: float        # a ratio, or the figure itself
    against: str        # who the ratio is to; empty for a figure
    met: bool
    aim_met: bool | None


def judge(bar, results):
    """None when what it needs has not been measured."""
    case = bar.case or ""
    if not bar.of:
        value, against = results.median(bar.metric, case, bar.who), ""
    else:
        base_case = case if bar.base_case is None else bar.base_case
        ratios = [(ratio, base) for base in bar.of
                  if (ratio := results.ratio(bar.metric, case, bar.who, base_case, base)) is not None]
        value, against = max(ratios, default=(None, ""))
    if value is None:
        return None

    def within(limit):
        return value >= limit if bar.least else value <= limit
    return Verdict(bar, value, against, within(bar.limit), None if bar.aim is None else within(bar.aim))
