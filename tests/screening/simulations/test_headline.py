from screening.models import Effect, SimulationReport
from screening.simulations import headline
from screening.simulations.evaluation import OutcomeShift
from screening.simulations.headline import FindingMove
from screening.simulations.tally import count_person, empty_counts


def reported(*shifts):
    counts = empty_counts()
    for shift, effect, held in shifts:
        count_person(counts, shift, effect and Effect(effect), held=held)
    return SimulationReport(people=len(shifts), counts=counts)


def test_findings_that_would_be_others_come_first_and_the_most_of_them_before_the_others():
    added = {"E90": [None, "unknown"]}
    found = headline(
        reported(
            (OutcomeShift("eligible", "ineligible", {"I08": ["pass", "fail"]}), "lost", False),
            (OutcomeShift("ineligible", "eligible", {"I08": ["fail", "pass"]}), "gained", False),
            (OutcomeShift("ineligible", "eligible", {"I08": ["fail", "pass"]}), "gained", False),
            (OutcomeShift("ineligible", "ineligible", added), "other", False),
            (OutcomeShift("ineligible", "ineligible", added), "other", False),
            (OutcomeShift("ineligible", "ineligible", {}), None, False),
        )
    )
    assert (found.people, found.findings, found.changed) == (6, 3, 5)
    assert found.moves == [FindingMove("ineligible", "eligible", 2), FindingMove("eligible", "ineligible", 1)]
    assert (found.lost, found.gained, found.held, found.unfit) == (1, 2, 0, 0)


def test_held_are_counted_where_something_would_change():
    change = {"E90": [None, "unknown"]}
    found = headline(
        reported(
            (OutcomeShift("undetermined", "undetermined", change), "other", True),
            (OutcomeShift("undetermined", "undetermined", {}), None, True),
        )
    )
    assert (found.findings, found.lost, found.held, found.changed) == (0, 0, 1, 1)


def test_who_cannot_be_evaluated_has_no_finding_that_changes():
    found = headline(reported((OutcomeShift("eligible", "", {}), "lost", False)))
    assert (found.findings, found.unfit, found.lost) == (0, 1, 1)


def test_report_from_before_the_held_were_counted_is_read():
    old = reported((OutcomeShift("undetermined", "ineligible", {"I08": ["unknown", "fail"]}), "lost", False))
    del old.counts["held"]
    assert (headline(old).lost, headline(old).held) == (1, 0)


def test_count_goes_on_from_one_that_lacks_the_held():
    counts = empty_counts()
    del counts["held"]
    count_person(counts, OutcomeShift("undetermined", "ineligible", {}), Effect.OTHER, held=True)
    assert counts["held"] == 1
