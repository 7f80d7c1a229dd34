"""Plots as SVG: bars with their spread for a scenario of one case, lines over the cases for one of several."""

from html import escape

from suite.scenario import METRICS
from suite.table import heading, number

WIDTH, LEFT, RIGHT, ROW = 760, 250, 90, 26
OURS, THEIRS, INK, FAINT = "#1f6f8b", "#b9c4cc", "#222222", "#888888"
LINES = ("#1f6f8b", "#222222", "#8d6b94", "#c0392b", "#d68910", "#4f7942", "#7f8c8d")


def draw(scenario, results, titles):
    shapes, height = (lines if len(scenario.cases) > 1 else bars)(scenario, results, titles)
    title = f"{scenario.title}: {heading(METRICS[scenario.plot])}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif" font-size="13" fill="{INK}">\n<rect width="100%" height="100%" fill="white"/>\n'
            + text(10, 22, title, weight="bold") + "".join(shapes) + "</svg>\n")


def text(x, y, words, anchor="start", weight="normal", colour=INK):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{colour}">'
            f"{escape(words)}</text>\n")


def bars(scenario, results, titles):
    """What is more than six times ours is cut off, and says how long it would be."""
    metric, digits = scenario.plot, METRICS[scenario.plot].digits
    medians = {peer: results.median(metric, "", peer) for peer in results.peers()}
    medians = {peer: value for peer, value in medians.items() if value is not None}
    ours = next(iter(medians.values()))
    longest = min(max(medians.values()), 6 * ours)
    scale = (WIDTH - LEFT - RIGHT) / longest
    shapes = []
    for at, (peer, value) in enumerate(medians.items()):
        y = 40 + at * ROW
        length = min(value, longest) * scale
        low, high = (min(edge, longest) * scale for edge in results.spread(metric, "", peer))
        shapes.append(text(LEFT - 8, y + 15, titles.get(peer, peer), "end"))
        shapes.append(f'<rect x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{ROW - 9}" '
                      f'fill="{OURS if at == 0 else THEIRS}"/>\n')
        shapes.append(f'<path d="M{LEFT + low:.1f} {y + ROW / 2 - 1:.1f}H{LEFT + high:.1f}" stroke="{INK}"/>\n')
        cut = " →" if value > longest else ""
        shapes.append(text(LEFT + max(length, high) + 6, y + 15, number(value, digits) + cut))
    return shapes, 50 + len(medians) * ROW


def lines(scenario, results, titles):
    metric, height, top, bottom = scenario.plot, 340, 50, 300
    peers = results.peers()
    highest = max(results.median(metric, case, peer) or 0 for case in scenario.cases for peer in peers) or 1
    step = (WIDTH - 330) / (len(scenario.cases) - 1)

    def place(at, value):
        return 60 + at * step, bottom - (bottom - top) * value / highest

    shapes = [f'<path d="M60 {bottom}H{WIDTH - 270}" stroke="{FAINT}"/>\n', text(52, bottom + 4, "0", "end", colour=FAINT),
              text(52, top + 4, number(highest, METRICS[metric].digits), "end", colour=FAINT)]
    for at, case in enumerate(scenario.cases):
        shapes.append(text(60 + at * step, bottom + 20, case, "middle", colour=FAINT))
    ends = []
    for peer, colour in zip(peers, LINES * (1 + len(peers) // len(LINES))):
        points = [place(at, value) for at, case in enumerate(scenario.cases)
                  if (value := results.median(metric, case, peer)) is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n')
        ends.append((points[-1][1], peer, colour))
    lowest = -100.0
    for y, peer, colour in sorted(ends):  # names that would lie on each other move down
        lowest = max(y, lowest + 15)
        shapes.append(text(WIDTH - 262, lowest + 4, titles.get(peer, peer), colour=colour))
    return shapes, max(height, int(lowest) + 20)
