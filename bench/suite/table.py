"""Tables of results, for the terminal and for Markdown: rows of words."""

from suite.scenario import METRICS
from suite.verdict import judge


def number(value, digits):
    if value is None:
        return "–"
    if value >= 1000 or digits == 0:
        return f"{value:,.0f}"
    return f"{value:.{digits}f}"


def rows(scenario, results, titles):
    """For a scenario of one case: a peer a row, a metric a column, the first with its spread and its ratio to ours. For one of
    several cases: a case a column, of the first metric."""
    if len(scenario.cases) > 1:
        return case_rows(scenario, results, titles)
    first = scenario.metrics[0]
    ours = results.peers()[0] if results.peers() else ""
    head = ["", *(heading(METRICS[name]) for name in scenario.metrics)]
    head[2:2] = ["lowest–highest", f"of {titles.get(ours, ours)}'s"] if scenario.peers else ["lowest–highest"]
    table = [head]
    for peer in results.peers():
        line = [titles.get(peer, peer)]
        for name in scenario.metrics:
            digits = METRICS[name].digits
            line.append(number(results.median(name, "", peer), digits))
            if name == first:
                low, high = results.spread(name, "", peer)
                line.append(f"{number(low, digits)}–{number(high, digits)}")
                if scenario.peers:
                    line.append(number(results.ratio(name, "", peer, "", ours), 2))
        table.append(line)
    return table


def case_rows(scenario, results, titles):
    metric = scenario.metrics[0]
    cases = [case for case in scenario.cases if any(results.values(metric, case, peer) for peer in results.peers())]
    table = [[heading(METRICS[metric]), *cases]]
    for peer in results.peers():
        table.append(case_row(titles.get(peer, peer), metric, peer, cases, results))
        if scenario.part and any(results.values(scenario.part, case, peer) for case in cases):
            table.append(case_row(f"– {METRICS[scenario.part].title}", scenario.part, peer, cases, results))
    return table


def case_row(title, metric, peer, cases, results):
    return [title, *(number(results.median(metric, case, peer), METRICS[metric].digits) for case in cases)]


def heading(metric):
    return f"{metric.title}, {metric.unit}" if metric.unit else metric.title


def bar_lines(scenario, results):
    """A line of words for each bar."""
    for bar in scenario.bars:
        verdict = judge(bar, results)
        if verdict is None:
            yield f"{bar.text}: not measured"
            continue
        value = number(verdict.value, 3 if bar.of and bar.limit < 0.1 else 2)
        of = f" × {verdict.against}" if verdict.against and verdict.against != bar.who else ""
        aim = "" if verdict.aim_met is None else f"; the aim, {bar.aim:g}, is {'met' if verdict.aim_met else 'not met'}"
        yield f"{bar.text}: {value}{of}: **{'met' if verdict.met else 'NOT met'}**{aim}"


def plain(table):
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    return "\n".join("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width)
                               for at, (cell, width) in enumerate(zip(row, widths))) for row in table)


def markdown(table):
    head, *body = table
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
