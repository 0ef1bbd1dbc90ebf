"""What differs in the summaries of two versions."""

PERFORMANCE = "[performance.ecog, performance.life_expectancy_months]"


def told(found):
    return {each.label: (each.old, each.new) for each in found.rest}


def test_a_changed_line_is_told_with_its_values(real):
    found = real((PERFORMANCE, "[performance.ecog]"))
    assert told(found) == {
        "Summary: Performance": ("ECOG performance status, life expectancy", "ECOG performance status")
    }
    assert (found.criteria, found.changed_codes, found.same_questions) == ((), frozenset(), True)


def test_a_line_that_is_renamed_is_one_removed_and_one_added(real):
    found = told(real(("{label: Earlier therapy, of", "{label: Therapy, of")))
    assert found["Summary: Therapy"][0] == found["Summary: Earlier therapy"][1] == ""
    assert found["Summary: Therapy"][1].endswith("therapy: name, intent, start, last dose, disease progressed")


def test_another_order_of_the_lines_is_told(real):
    diagnosis = "  - {label: Diagnosis, values: [disease.histology, disease.extent, disease.confirmed_by]}\n"
    performance = f"  - {{label: Performance, values: {PERFORMANCE}}}\n"
    found = told(real((diagnosis, "  - {label: §}\n"), (performance, diagnosis), ("  - {label: §}\n", performance)))
    assert list(found) == ["Summary: order"]
