import random

from hypothesis import given, strategies as st

from criteria.vocabulary.facts import counting_indexes
from tests.support.random_documents import random_document


def sample(analyte, day, value=1):
    return {"analyte": analyte, "collected": day, "value": value, "unit": "10*9/L"}


def test_the_result_collected_last_counts_wherever_it_stands():
    results = [sample("anc", "2026-03-08"), sample("wbc", "2026-03-01"), sample("anc", "2026-03-02")]
    assert counting_indexes(results) == {"anc": 0, "wbc": 1}


def test_of_several_on_one_day_the_last_in_the_list_counts():
    assert counting_indexes([sample("anc", "2026-03-08"), sample("anc", "2026-03-08")]) == {"anc": 1}


def test_without_results_none_counts():
    assert counting_indexes([]) == {}


@given(st.integers(0, 2**32))
def test_the_result_that_is_shown_as_counting_is_the_one_evaluated(protocol, seed):
    document = random_document(random.Random(seed))
    results = document.get("labs") if isinstance(document.get("labs"), list) else []
    facts = protocol.reader.read(document)
    for analyte, index in counting_indexes(results).items():
        assert facts.values[f"labs.{analyte}"].value == results[index]["value"]
        assert facts.values[f"labs.{analyte}.collected"].text == results[index]["collected"]
