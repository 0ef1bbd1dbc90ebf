from django.template import Context, Template

from screening.templatetags.trace import trace

ANC = {"rule": "neutrophils at least 1.5 10*9/L", "truth": "false", "distance": "0.01 10*9/L", "of": "neutrophils"}


def rendered(node):
    return Template("{% load trace %}{% trace node %}").render(Context({"node": node}))


def test_leaf_says_what_it_is_of_and_how_far_it_is_from_the_limit_when_it_fails():
    assert rendered(ANC) == (
        '<ul class="trace"><li><span class="truth is-false">false</span> <em>neutrophils:</em> '
        'neutrophils at least 1.5 10*9/L <span class="muted">(0.01 10*9/L from the limit)</span></li></ul>'
    )


def test_unknown_is_said_as_not_known():
    shown = rendered({"rule": "ECOG is 0", "truth": "unknown"})
    assert shown == '<ul class="trace"><li><span class="truth is-unknown">not known</span> ECOG is 0</li></ul>'


def test_parts_of_a_condition_stand_within_it_in_their_order_when_it_has_several():
    shown = trace({"rule": "all of these", "truth": "true", "children": [{"rule": "a", "truth": "true"}, ANC]})
    whole, a, anc = (shown.index(rule) for rule in ("all of these", "> a<", ANC["rule"]))
    assert whole < a < anc
    assert shown.count("<ul") == shown.count("</ul>") == 2


def test_words_of_a_person_are_escaped_when_they_stand_in_a_rule():
    shown = rendered({"rule": "<script>", "truth": "true", "of": "<b>", "distance": "<i>"})
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
