from decimal import Decimal

from criteria.versions.comparison import compare
from criteria.versions.versions import edition_of
from screening.log.filter import LogFilter
from screening.simulations import comparison_of_simulation, edition_of_simulation, start_dry_run, start_what_if


def test_both_kinds_are_compared_with_their_version_and_only_once(version, lowered, administrator):
    """To compare takes longer than all else that a page of a report does."""
    tried = {"min_anc": Decimal(900)}
    for simulation in (
        start_dry_run(lowered, administrator),
        start_what_if(version, tried, LogFilter(trial=version.trial.code), administrator),
    ):
        found = comparison_of_simulation(simulation)
        assert found == compare(edition_of(version), edition_of_simulation(simulation))
        assert [change.name for change in found.values] == ["min_anc"]
        assert comparison_of_simulation(simulation) is found


def test_what_ifs_of_other_values_are_compared_each_for_itself(version, administrator):
    everybody = LogFilter(trial=version.trial.code)
    found = [
        comparison_of_simulation(start_what_if(version, {"min_anc": Decimal(value)}, everybody, administrator))
        for value in (900, 1000)
    ]
    assert [each.values[0].new for each in found] == ["900 /mm³", "1000 /mm³"]
