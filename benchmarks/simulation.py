"""`python -m benchmarks.simulation --people 100000`: time a dry run over many people.

Neutrophils from 1500 to 1000 /mm3, on the database of DATABASE_URL, which must be one that nobody needs: empty, or
filled before with as many.

With `--full` everybody has the whole document of a man who meets every criterion, his neutrophils between 0.8 and 3;
otherwise the small one that `benchmarks.people` invents. `--processes` is how many evaluate, as `manage.py
work` does by SIMULATION_PROCESSES.
"""

from __future__ import annotations

import argparse
import random
import resource
from copy import deepcopy
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from benchmarks import people
from benchmarks.log.measure import analyse, figures
from benchmarks.site import DEFINITION
from criteria.models import Amendment, AmendmentRevision, ProtocolVersion
from criteria.records import canonical
from criteria.versions.versions import edition_of, load_definition
from screening.models import Simulation, SimulationProgress, SimulationReport, Subject
from screening.simulations import changes_page, run_simulation
from screening.simulations.people import people_of
from screening.simulations.tally import empty_counts

CASES = Path(__file__).parent.parent / "tests" / "data" / "cases.jsonl"


class FullCase(people.Case):
    """With a whole document: neutrophils of its own, the days those of the example."""

    @property
    def document(self) -> dict[str, Any]:
        rng = random.Random(self.number)
        document = MAN | {"labs": [dict(row) for row in MAN["labs"]]}
        document["labs"][0]["value"] = round(rng.uniform(0.8, 3), 1)
        return document


MAN = next(
    case["document"] for case in map(canonical.parse, CASES.read_text().splitlines()) if case["id"] == "base-man"
)


def main(number: int, full: bool, processes: int = 1) -> None:
    call_command("migrate", verbosity=0)
    version, _ = load_definition(DEFINITION.read_text(encoding="utf-8"))
    found = Subject.objects.count()
    if found not in (0, number):
        raise SystemExit(f"This database holds {found} people: name an empty one in DATABASE_URL.")
    if not found:
        people.BY_THE_VERBS = 0
        people.Case = FullCase if full else people.Case
        people.fill(version, number)
        analyse()
    measure(version, processes)


def measure(version: ProtocolVersion, processes: int) -> None:
    simulation = asked(version, User.objects.get(username=people.INVESTIGATOR))
    start, worked = perf_counter(), process_time()
    run_simulation(simulation.pk, processes)
    seconds, worked = perf_counter() - start, process_time() - worked
    found = SimulationReport.objects.filter(simulation=simulation).first()
    if found is None:
        raise SystemExit(SimulationProgress.objects.get(simulation=simulation).error)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"dry run of {found.people} people on {connection.vendor}: {seconds:.0f} s ({worked:.0f} s of this"
        f" process), {found.people / seconds:.0f} a second, peak memory {memory:.0f} MB,"
        f" {found.counts['changed']} would change"
    )
    print(f"  their first page: {figures(lambda: changes_page(simulation))}")
    for effect in ("lost", "gained"):
        print(f"  {effect}, {found.counts[effect]}: {figures(lambda: changes_page(simulation, effect))}")  # noqa: B023


def asked(version: ProtocolVersion, author: User) -> Simulation:
    data = deepcopy(edition_of(version).data)
    data["parameters"]["min_anc"]["value"] = 1000
    number = Amendment.objects.count() + 1
    amendment = Amendment.objects.create(trial=version.trial, number=number, base=version, created_by=author)
    revision = AmendmentRevision.objects.create(
        amendment=amendment,
        number=1,
        kind="value",
        reason="measured",
        definition=data,
        definition_sha256=canonical.fingerprint(data),
        created_by=author,
    )
    simulation = Simulation.objects.create(base=version, revision=revision, filters={}, created_by=author)
    total = people_of(simulation).count()
    SimulationProgress.objects.create(simulation=simulation, total=total, counts=empty_counts())
    return simulation


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    main(arguments.people, arguments.full, arguments.processes)
