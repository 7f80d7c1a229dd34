"""The figures of one scenario, round by round, and what they say together. Kept in a file, so that the report can be written
from scenarios that were measured one at a time."""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Results:
    scenario: str
    commit: str
    date: str
    seconds: float = 1.0  # how long a run took, about
    records: list = field(default_factory=list)  # {"round", "case", "peer", "figures": {metric: value}}

    def add(self, number, case, peer, figures):
        self.records.append({"round": number, "case": case, "peer": peer, "figures": figures})

    def rounds(self):
        return 1 + max((record["round"] for record in self.records), default=-1)

    def extend(self, other):
        """Takes the rounds of another run as further ones."""
        first = self.rounds()
        self.records += [record | {"round": record["round"] + first} for record in other.records]
        self.commit, self.date, self.seconds = other.commit, other.date, other.seconds

    def values(self, metric, case, peer):
        """By round."""
        return {record["round"]: record["figures"][metric] for record in self.records
                if record["case"] == case and record["peer"] == peer and metric in record["figures"]}

    def median(self, metric, case, peer):
        values = self.values(metric, case, peer).values()
        return statistics.median(values) if values else None

    def spread(self, metric, case, peer):
        values = self.values(metric, case, peer).values()
        return (min(values), max(values)) if values else None

    def ratio(self, metric, case, peer, base_case, base):
        """The median of the ratios within each round: what slows a whole round down is not in it."""
        values, bases = self.values(metric, case, peer), self.values(metric, base_case, base)
        ratios = [values[number] / bases[number] for number in values.keys() & bases.keys() if bases[number]]
        return statistics.median(ratios) if ratios else None

    def peers(self):
        return list(dict.fromkeys(record["peer"] for record in self.records))

    def save(self, directory):
        Path(directory).mkdir(parents=True, exist_ok=True)
        (Path(directory) / f"{self.scenario}.json").write_text(json.dumps(self.__dict__, indent=1))

    @staticmethod
    def load(directory, scenario):
        """None if it has not been measured."""
        file = Path(directory) / f"{scenario}.json"
        return Results(**json.loads(file.read_text())) if file.exists() else None
