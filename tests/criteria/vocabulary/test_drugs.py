import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary.drugs import CONNECTING, Disagreement, Drug, Drugs, Named, disagreement, name_words

LISTED = {
    "camrelizumab": ("pd1_inhibitor", "卡瑞利珠单抗", "SHR-1210"),
    "ivonescimab": ("pd1_inhibitor targeted", "依沃西单抗", "AK112"),
    "iparomlimab and tuvonralimab": ("pd1_inhibitor anti_ctla4", "艾帕洛利单抗/托沃瑞利单抗"),
    "cisplatin": ("platinum", "顺铂", "DDP"),
    "paclitaxel": ("other_chemotherapy", "紫杉醇"),
    "nab-paclitaxel": ("other_chemotherapy", "白蛋白结合型紫杉醇"),
    "paclitaxel liposome": ("other_chemotherapy", "紫杉醇脂质体"),
    "S-1": ("other_chemotherapy", "替吉奥"),
    "CIK": ("cell_therapy", "细胞因子诱导的杀伤细胞"),
    "TIL": ("cell_therapy",),
    "CAR-T": ("cell_therapy", "CAR-T cells"),
    "interleukin-2": ("interleukin", "IL-2", "白介素-2"),
    "interferon alfa-2b": ("interferon", "干扰素α-2b"),
    "tumour necrosis factor": ("tnf", "tumor necrosis factor"),
}
DRUGS = Drugs(
    "therapies.name",
    "therapies.agents",
    tuple(Drug(name, tuple(others), tuple(codes.split())) for name, (codes, *others) in LISTED.items()),
)
ALL_NAMES = [(name, drug) for drug in DRUGS.listed for name in drug.names]


def names(text):
    return [drug.name for drug in DRUGS.named_in(text).drugs]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("camrelizumab", ["camrelizumab"]),
        ("Camrelizumab + CISPLATIN", ["camrelizumab", "cisplatin"]),
        ("卡瑞利珠单抗联合顺铂", ["camrelizumab", "cisplatin"]),
        ("顺铂和紫杉醇", ["cisplatin", "paclitaxel"]),
        ("顺铂、紫杉醇，替吉奥", ["cisplatin", "paclitaxel", "S-1"]),
        ("cisplatin/S-1", ["cisplatin", "S-1"]),
        ("cisplatin and S-1, then TIL", ["cisplatin", "S-1", "TIL"]),
        ("SHR-1210 with DDP", ["camrelizumab", "cisplatin"]),
        ("SHR1210; AK-112; AK 112", ["camrelizumab", "ivonescimab"]),
        ("ＳＨＲ－１２１０＋Ｓ－１", ["camrelizumab", "S-1"]),
        ("S–1 plus S−1", ["S-1"]),
        ("nab paclitaxel", ["nab-paclitaxel"]),
        ("白蛋白结合型紫杉醇", ["nab-paclitaxel"]),
        ("紫杉醇脂质体", ["paclitaxel liposome"]),
        ("paclitaxel, nab-paclitaxel", ["paclitaxel", "nab-paclitaxel"]),
        ("iparomlimab and tuvonralimab and cisplatin", ["iparomlimab and tuvonralimab", "cisplatin"]),
        ("camrelizumab (SHR-1210)", ["camrelizumab"]),
        ("CAR T", ["CAR-T"]),
        ("IL2", ["interleukin-2"]),
        ("interferon alfa-2b 干扰素α-2b", ["interferon alfa-2b"]),
        ("tumor necrosis factor™", ["tumour necrosis factor"]),
    ],
)
def test_drugs_are_named_by_any_of_their_names(text, found):
    assert names(text) == found
    assert DRUGS.named_in(text).whole


@pytest.mark.parametrize(
    "text", ["", "first line", "until", "S-100", "TS-1", "S1", "S 10", "S-1a", "IL-21", "IL-2R", "xS-1"]
)
def test_a_text_that_only_looks_like_a_drug_names_none(text):
    assert DRUGS.named_in(text) == Named((), frozenset(), whole=False)


@pytest.mark.parametrize(
    "text",
    [
        "cisplatin 75 mg/m2 q3w",
        "顺铂 75mg",
        "cisplatin, 4 cycles",
        "顺铂化疗",
        "CIK细胞",
        "cisplatin or DDP",
        "second-line cisplatin",
        "cisplatin? 2",
        "cisplatin without S-1",
    ],
)
def test_a_text_is_not_whole_when_any_word_is_no_drug(text):
    named = DRUGS.named_in(text)
    assert named.drugs
    assert not named.whole


def test_what_separates_two_drugs_does_not_make_one_of_them():
    assert names("paclitaxel, liposome") == ["paclitaxel"]
    assert names("紫杉醇、脂质体阿霉素") == names("紫杉醇 脂质体阿霉素") == ["paclitaxel"]
    assert names("艾帕洛利单抗托沃瑞利单抗") == []


def test_of_names_that_overlap_the_longest_is_taken_wherever_it_begins():
    drugs = Drugs("", "", tuple(Drug(name, (), ()) for name in ("alpha", "alpha beta", "beta gamma delta")))
    assert [drug.name for drug in drugs.named_in("alpha beta gamma delta").drugs] == ["alpha", "beta gamma delta"]


def test_the_codes_are_those_of_all_drugs_named():
    assert DRUGS.named_in("AK112 + 顺铂 x 2").codes == {"pd1_inhibitor", "targeted", "platinum"}


def test_a_name_is_compared_without_case_width_and_hyphen():
    assert name_words("SHR-1210") == name_words("shr1210") == name_words("ＳＨＲ 1210")
    assert name_words("S-1") != name_words("S1")
    assert name_words("+") == ()


chosen = st.lists(st.sampled_from(ALL_NAMES), min_size=1, max_size=5)
between = st.sampled_from(
    [" + ", "+", ", ", ",", "、", " / ", "/", "; ", " (", "＋", *(f" {word} " for word in CONNECTING)]
)


def rewritten(name, draw):
    """Return the name as somebody else might type it."""
    for change in draw(st.lists(st.sampled_from(["upper", "wide", "dash", "space", "odd"]), max_size=3)):
        match change:
            case "upper":
                name = name.upper()
            case "wide":
                name = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)
            case "dash":
                name = name.replace("-", "–")
            case "space":
                name = name.replace(" ", "\u00a0")
            case "odd":
                name = name.title()
    return name


@given(chosen, st.data())
def test_listed_names_are_found_however_they_are_typed_and_joined(wanted, data):
    text = ""
    for name, _drug in wanted:
        text += (data.draw(between) if text else "") + rewritten(name, data.draw)
    named = DRUGS.named_in(text)
    assert named.drugs == tuple(dict.fromkeys(drug for _name, drug in wanted))
    assert named.codes == {code for _name, drug in wanted for code in drug.codes}
    assert named.whole


@given(
    st.sampled_from([name for name, _drug in ALL_NAMES if name.isascii()]),
    st.text("abyz059", min_size=1),
    st.booleans(),
)
def test_a_latin_name_within_a_longer_word_is_not_found(name, more, after):
    alone = Drugs("", "", (Drug(name, (), ()),))
    assert alone.named_in(name).whole
    assert not alone.named_in(name + more if after else more + name).drugs


@given(chosen, st.sampled_from(["75 mg", "q3w", "4 cycles", "方案", "x", "2"]), st.integers(0, 5))
def test_any_other_word_makes_a_text_not_whole(wanted, other, at):
    parts = [name for name, _drug in wanted]
    parts.insert(at, other)
    named = DRUGS.named_in(", ".join(parts))
    assert set(named.drugs) == {drug for _name, drug in wanted}
    assert not named.whole


@given(
    st.text(
        st.sampled_from("abcilmnprst ISTCK-120,/+、和联合顺铂紫杉醇白蛋结型™α\u200b") | st.characters(), max_size=40
    )
)
def test_any_text_is_read_and_a_drug_is_found_only_where_its_words_stand(text):
    named = DRUGS.named_in(text)
    words = "".join(name_words(text))
    for drug in named.drugs:
        assert any("".join(name_words(name)) in words for name in drug.names)
    assert named.codes == {code for drug in named.drugs for code in drug.codes}
    assert not named.whole or named.drugs


@pytest.mark.parametrize(
    ("text", "given_codes", "missing", "surplus"),
    [
        ("camrelizumab + cisplatin", {"pd1_inhibitor", "platinum"}, "", ""),
        ("camrelizumab + cisplatin", {"pd1_inhibitor"}, "platinum", ""),
        ("camrelizumab + cisplatin", {"pd1_inhibitor", "platinum", "targeted"}, "", "targeted"),
        ("camrelizumab 200 mg + cisplatin", {"pd1_inhibitor", "platinum", "targeted"}, "", ""),
        ("camrelizumab 200 mg + cisplatin", {"targeted"}, "pd1_inhibitor platinum", ""),
        ("ivonescimab", {"pd1_inhibitor", "anti_ctla4"}, "targeted", "anti_ctla4"),
        ("cisplatin", set(), "platinum", ""),
        ("cisplatin", None, "", ""),
        ("first line", {"platinum"}, "", ""),
        ("first line", set(), "", ""),
    ],
)
def test_names_and_codes_disagree(text, given_codes, missing, surplus):
    expected = Disagreement(frozenset(missing.split()), frozenset(surplus.split()))
    assert disagreement(DRUGS.named_in(text), given_codes) == expected
