import pytest

from criteria.rules import nodes as n
from criteria.rules.check import CheckRule
from criteria.rules.describe import DescribeRule
from criteria.rules.evaluate import EvaluateRule
from criteria.rules.fold import VISIT_NAMES, Algebra, fold
from tests.criteria.rules.small import decoded

RULE = {"all": [{"not": {"is": {"smoker": "yes"}}}, {"compare": ["pulse", "<=", "$max_pulse"]}]}


def test_type_error_when_an_interpreter_that_forgets_a_kind_of_node_is_defined():
    visits = {name: None for name in VISIT_NAMES.values() if name != "visit_latest"}
    with pytest.raises(TypeError, match="Forgetful lacks visit_latest"):
        type("Forgetful", (Algebra,), visits)


def test_an_interpreter_that_knows_every_kind_of_node_can_be_defined():
    assert type("Complete", (Algebra,), dict.fromkeys(VISIT_NAMES.values()))


@pytest.mark.parametrize("interpreter", [CheckRule, DescribeRule, EvaluateRule])
def test_every_interpreter_visits_every_kind_of_node(interpreter):
    assert all(callable(getattr(interpreter, name)) for name in VISIT_NAMES.values())


def test_children_are_visited_first_and_every_one_of_them():
    order = []

    def visit(self, node, **results):
        order.append(type(node).__name__)
        return results

    fold(decoded(RULE)[0], type("Walk", (Algebra,), dict.fromkeys(VISIT_NAMES.values(), visit))())
    assert order == ["Fact", "OneOf", "Not", "Fact", "Param", "Compare", "AllOf"]


def test_results_come_by_field_name_and_in_the_order_of_the_fields():
    seen = {}

    def visit(self, node, **results):
        seen[type(node).__name__] = list(results)
        return results

    fold(decoded(RULE)[0], type("Walk", (Algebra,), dict.fromkeys(VISIT_NAMES.values(), visit))())
    assert seen["Compare"] == ["left", "right"]
    assert seen["AllOf"] == ["args"]


def test_nodes_cannot_be_changed_once_they_are_made():
    with pytest.raises(AttributeError):
        decoded("pulse")[0].path = "pressure"


def test_facts_of_a_rule_are_found_wherever_they_stand():
    assert [fact.path for fact in n.facts_in(decoded(RULE)[0])] == ["smoker", "pulse"]
