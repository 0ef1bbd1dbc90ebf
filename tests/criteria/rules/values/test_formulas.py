"""Formulas of the literature as a definition writes them, held against values worked out from the papers by hand."""

from decimal import Decimal as D

import pytest

from criteria.rules import nodes as n
from criteria.rules.check import check_value
from criteria.rules.evaluate import EvaluateRule
from criteria.rules.facts import Facts, FactType, Schema
from criteria.rules.fold import fold
from criteria.rules.ranges import point
from tests.criteria.rules.small import decoded

NAMES = ("scr", "age", "height", "weight", "qt", "rr", "bilirubin", "albumin", "inr", "ast", "alt", "platelets")
SCHEMA = Schema(
    {name: FactType("number", name) for name in NAMES}
    | {"sex": FactType("code", "sex", {"male": "male", "female": "female"})},
    {},
)


def by_sex(female, male):
    return {"choose": {"sex": {"female": D(female), "male": D(male)}}}


def product(*values):
    first, *rest = values
    return {"times": [first, product(*rest)]} if rest else first


SCR_BY_KAPPA = {"over": ["scr", by_sex("0.7", "0.9")]}  # creatinine in mg/dL
CKD_EPI_2021 = product(
    142,
    {"power": [{"min": [SCR_BY_KAPPA, 1]}, by_sex("-0.241", "-0.302")]},
    {"power": [{"max": [SCR_BY_KAPPA, 1]}, D("-1.200")]},
    {"power": [D("0.9938"), "age"]},
    by_sex("1.012", "1"),
)
MELD = {
    "plus": [
        {
            "plus": [
                product(D("3.78"), {"log": {"max": ["bilirubin", 1]}}),
                product(D("11.2"), {"log": {"max": ["inr", 1]}}),
            ]
        },
        {"plus": [product(D("9.57"), {"log": {"min": [{"max": ["scr", 1]}, 4]}}), D("6.43")]},
    ]
}
ALBI = {"minus": [product(D("0.66"), {"log10": "bilirubin"}), product(D("0.085"), "albumin")]}  # µmol/L, g/L
FIB_4 = {"over": [product("age", "ast"), product("platelets", {"power": ["alt", D("0.5")]})]}
BSA_DU_BOIS = product(D("0.007184"), {"power": ["weight", D("0.425")]}, {"power": ["height", D("0.725")]})
QTCF = {"over": ["qt", {"power": ["rr", {"over": [1, 3]}]}]}  # ms, s


def value_of(tree, facts):
    node, faults, _ = decoded(tree)
    assert not faults
    found = check_value(node, SCHEMA, {})
    assert not found.faults
    known = {name: value if name == "sex" else point(D(str(value))) for name, value in facts.items()}
    return fold(node, EvaluateRule(SCHEMA, {}, found.kinds))(Facts(known, {}), None)


@pytest.mark.parametrize(
    ("tree", "facts", "expected", "digits"),
    [
        # Inker et al., NEJM 2021;385:1737
        (CKD_EPI_2021, {"scr": 1, "age": 50, "sex": "male"}, 92, 0),
        (CKD_EPI_2021, {"scr": 1, "age": 50, "sex": "female"}, 69, 0),
        (CKD_EPI_2021, {"scr": "0.6", "age": 30, "sex": "female"}, 124, 0),
        (CKD_EPI_2021, {"scr": "2.5", "age": 70, "sex": "male"}, 27, 0),
        # Kamath et al., Hepatology 2001;33:464
        (MELD, {"bilirubin": 3, "inr": 2, "scr": "1.5"}, "22.2", 1),
        (MELD, {"bilirubin": "0.5", "inr": "0.9", "scr": "0.8"}, "6.4", 1),
        (MELD, {"bilirubin": 1, "inr": 1, "scr": 9}, "19.7", 1),
        # Johnson et al., J Clin Oncol 2015;33:550
        (ALBI, {"bilirubin": 17, "albumin": 40}, "-2.59", 2),
        # Sterling et al., Hepatology 2006;43:1317
        (FIB_4, {"age": 50, "ast": 64, "alt": 64, "platelets": 160}, "2.50", 2),
        # Du Bois & Du Bois, Arch Intern Med 1916;17:863
        (BSA_DU_BOIS, {"height": 170, "weight": 70}, "1.81", 2),
        # Fridericia 1920
        (QTCF, {"qt": 400, "rr": "0.8"}, "430.9", 1),
        (QTCF, {"qt": 400, "rr": 1}, 400, 0),
    ],
)
def test_formula_gives_the_value_of_its_paper(tree, facts, expected, digits):
    found = value_of(tree, facts)
    assert found.is_point
    assert round(D(found.low.numerator) / D(found.low.denominator), digits) == D(expected)


def test_formula_of_an_unknown_sex_is_a_range_from_one_to_the_other():
    ends = sorted(value_of(CKD_EPI_2021, {"scr": 1, "age": 50, "sex": sex}).low for sex in ("male", "female"))
    found = value_of(CKD_EPI_2021, {"scr": 1, "age": 50})
    assert found.low <= ends[0] < ends[1] <= found.high


def test_bounded_part_of_a_formula_is_known_where_the_value_is_not():
    node = value_of({"min": [{"max": ["scr", 1]}, 4]}, {})
    assert (node.low, node.high) == (1, 4)


def test_every_kind_of_value_of_the_formulas_is_a_node():
    kinds = {type(each) for tree in (CKD_EPI_2021, MELD, ALBI, FIB_4) for each in n.subtrees(decoded(tree)[0])}
    assert {n.Power, n.Logarithm, n.Extreme, n.Choose, n.Arithmetic} <= kinds
