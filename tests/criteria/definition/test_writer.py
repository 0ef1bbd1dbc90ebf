from decimal import Decimal

import pytest
from hypothesis import example, given, strategies as st

from criteria.definition.reader import parse_definition
from criteria.definition.writer import definition_text, yaml_text
from criteria.definition.yaml_tree import YamlTree
from criteria.models import ProtocolVersion
from criteria.records import canonical
from criteria.versions.versions import definition_data, load_definition
from tests.conftest import PROTOCOL, ROOT
from tests.criteria.definition.test_reader import SOURCED

FILES = (PROTOCOL, ROOT / "tests/data/hypertension.yaml", ROOT / "tests/data/second_trial.yaml")

# What a reader could take for something else.
WORDS = (
    *("yes", "no", "on", "off", "y", "n", "true", "false", "True", "null", "~", "", " ", "any time", "2026-03-14"),
    *("18", "08", "1.50", "-3", "+3", "1e5", "0x10", "1_000", ".inf", ".nan", "nan", "12:30:45", "٣", "<=", "<<", "="),
    *("a: b", "a #b", "- a", "[IU]/mL", "{copies}/mL", "10*9/L", "$min_anc", ".status", "# a", "&a", "*a", "!a", "---"),
    *(
        "…",
        "SIRPα",
        "晚期",
        "a\nb",
        "a\n",
        "\ta",
        "a ",
        "\x85",
        "\u2028",
        "\ufeff",
        "\x07",
        "'",
        '"',
        "\\",
        "%",
        "@",
        "|",
    ),
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.sampled_from(
    [Decimal("9.0"), Decimal("0.0000000001"), Decimal("-0.0"), Decimal("1.50"), Decimal(100000), Decimal("0E-10")]
)
TEXTS = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
SCALARS = TEXTS | st.none() | st.booleans() | st.integers() | DECIMALS
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


@given(TREES)
@example({word: word for word in WORDS})
@example([list(WORDS), [[]], [{}], {"a": [], "b": {}}])
@example({"x" * 200: "y" * 500, "words": "word " * 100})
def test_data_is_read_as_it_was_written(data):
    tree = YamlTree(yaml_text(data))
    assert tree.faults == []
    assert canonical.dump(tree.data) == canonical.dump(data)


def rows_of(version):
    fresh = ProtocolVersion.objects.select_related("trial").get(pk=version.pk)
    return definition_data(fresh, list(fresh.criteria.all()), list(fresh.parameters.all()))


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_download_is_the_version_that_was_loaded_when_it_is_loaded_again(path):
    version, _ = load_definition(path.read_text())
    again, new = load_definition(definition_text(rows_of(version)))
    assert (again.pk, new, again.definition_sha256) == (version.pk, False, version.definition_sha256)


@pytest.mark.django_db
def test_source_is_written_to_the_file_and_loaded_to_the_same_rows_when_there_is_one():
    version, _ = load_definition(SOURCED)
    text = definition_text(rows_of(version))
    assert text.count("source: ") == 2
    again, new = load_definition(text)
    assert (again.pk, new, again.definition_sha256) == (version.pk, False, version.definition_sha256)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_written_with_every_digit_and_every_sign(path):
    data, protocol = parse_definition(path.read_text())
    again, same = parse_definition(definition_text(data))
    assert canonical.dump({**data, **again}) == canonical.dump(data)
    assert [same.sentence(criterion) for criterion in same.criteria] == [
        protocol.sentence(criterion) for criterion in protocol.criteria
    ]


def small(**parameter):
    text = (ROOT / "tests/data/hypertension.yaml").read_text()
    data = parse_definition(text)[0]
    data["parameters"]["max_potassium"].update(parameter)
    return data


@pytest.mark.parametrize(
    ("value", "line"), [(Decimal("9.0"), "value: 9.0,"), (100000, "value: 100000,"), (Decimal("0.50"), "value: 0.50,")]
)
def test_a_threshold_keeps_the_digits_that_were_typed(value, line):
    assert line in definition_text(small(value=value))


def test_an_open_window_is_written_in_words():
    text = definition_text(small(value="any time"))
    assert "value: any time," in text
    assert YamlTree(text).data["parameters"]["max_potassium"]["value"] == "any time"


@pytest.mark.parametrize("value", [Decimal("1E+3"), Decimal("NaN"), Decimal("Infinity")])
def test_a_number_that_would_come_back_as_another_is_refused(value):
    with pytest.raises(ValueError, match="cannot be written"):
        definition_text(small(value=value))


def test_what_is_optional_and_empty_is_left_out():
    data = small()
    data["trial"] |= {"registry_url": "", "planned_enrolment": None}
    data["criteria"][0] |= {"applies": None, "reading": "", "official_wording": ""}
    text = definition_text({**data, "terms": {}})
    assert not [word for word in ("registry_url", "planned", "applies", "reading", "terms", "null") if word in text]


def test_a_code_of_no_is_quoted_for_readers_that_would_take_it_for_false():
    assert definition_text(parse_definition(PROTOCOL.read_text())[0]).count("'no'") > 5
