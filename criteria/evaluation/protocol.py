"""One version of a trial's protocol, ready to evaluate visits; it knows neither the database nor users."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.evaluate import CompiledRule, compile_rule
from criteria.rules.explain import Explainer, Explanation
from criteria.rules.facts import Facts, Limit
from criteria.rules.kinds import Kind
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.vocabulary.facts import FactReader
from criteria.vocabulary.faults import BadDocument, Fault
from criteria.vocabulary.parts import Vocabulary
from criteria.vocabulary.schema import schema_of
from criteria.vocabulary.validate import validate

Category = Literal["inclusion", "exclusion"]
Outcome = Literal["pass", "fail", "unknown", "not_applicable"]
Overall = Literal["eligible", "ineligible", "undetermined"]

OUTCOMES: Mapping[Truth, Outcome] = {TRUE: "pass", FALSE: "fail", UNKNOWN: "unknown"}


@dataclass(frozen=True, eq=False)
class Criterion:
    """One criterion of a protocol version.

    `applies` is None where it applies to every subject; `kinds` holds the kinds that the check of its rules
    recorded; `source` says where the rule comes from.
    """

    code: str
    category: Category
    statement: str
    reading: str
    official_wording: str
    rule: n.Node
    applies: n.Node | None
    kinds: Mapping[int, Kind]
    source: str = ""


class Finding(NamedTuple):
    """The outcome of one criterion at one visit, with both traces."""

    criterion: Criterion
    outcome: Outcome
    applies: Trace | None
    condition: Trace


class Verdict(NamedTuple):
    """A finding in the form in which it is saved: everything that an inspector needs to see why."""

    code: str
    category: Category
    outcome: Outcome
    proof: str
    missing: list[str]
    values: dict[str, str]
    parameters: dict[str, str]
    trace: dict[str, Any]


class Sheet(NamedTuple):
    overall: Overall
    verdicts: tuple[Verdict, ...]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {verdict.code: verdict.outcome for verdict in self.verdicts}


class EvaluationAnswer(NamedTuple):
    """The command line's answer to a document: a verdict sheet by code, without the traces behind it."""

    overall: Overall
    outcomes: dict[str, Outcome]
    proofs: dict[str, str]
    missing: dict[str, list[str]]


class Protocol:
    def __init__(
        self,
        trial: str,
        title: str,
        registry_url: str,
        version: str,
        effective_from: date,
        vocabulary: Vocabulary,
        limits: Mapping[str, Limit],
        criteria: tuple[Criterion, ...],
    ) -> None:
        self.trial = trial
        self.title = title
        self.registry_url = registry_url
        self.version = version
        self.effective_from = effective_from
        self.vocabulary = vocabulary
        self.limits = limits
        self.criteria = criteria
        self.schema = schema_of(vocabulary)
        self.reader = FactReader(vocabulary)
        self.explainer = Explainer(self.schema, limits)
        self.runs = [self.compile_criterion(criterion) for criterion in criteria]
        self.reads = {criterion.code: outcome_paths(criterion, limits) for criterion in criteria}

    def compile_criterion(self, criterion: Criterion) -> tuple[Criterion, CompiledRule | None, CompiledRule]:
        applies = self.run_of(criterion, criterion.applies) if criterion.applies else None
        return criterion, applies, self.run_of(criterion, criterion.rule)

    def run_of(self, criterion: Criterion, rule: n.Node) -> CompiledRule:
        return compile_rule(rule, self.schema, self.limits, criterion.kinds)

    def validate(self, document: object) -> tuple[Fault, ...]:
        return validate(self.vocabulary, document)

    def evaluate(self, document: Mapping[str, Any]) -> list[Finding]:
        """Return the findings of a valid document, in the order of the criteria, with complete traces."""
        return self.findings(self.reader.read(document))

    def findings(self, facts: Facts, codes: Container[str] | None = None) -> list[Finding]:
        """Return the findings of all criteria, or of those in `codes`."""
        return [finding_of(run, facts) for run in self.runs if codes is None or run[0].code in codes]

    def codes_reading(self, path: str) -> frozenset[str]:
        """Return the codes of the criteria whose outcome may depend on a fact of the visit.

        The fact includes what belongs to it (`labs.anc.uln`).
        """
        return frozenset(
            code for code, paths in self.reads.items() if any(f"{read}.".startswith(f"{path}.") for read in paths)
        )

    def assess(self, document: Any) -> Sheet:
        """Return the verdict sheet of a document; BadDocument with every fault where it must be refused."""
        self.refuse_faulty(document)
        return self.sheet(document)

    def answer(self, document: Any) -> EvaluationAnswer:
        """Return outcomes, proofs and missing facts; BadDocument with every fault where it must be refused."""
        self.refuse_faulty(document)
        findings = self.evaluate(document)
        missing = {finding.criterion.code: self.missing(finding) for finding in findings}
        return EvaluationAnswer(
            overall_of(finding.outcome for finding in findings),
            {finding.criterion.code: finding.outcome for finding in findings},
            {finding.criterion.code: self.proof(finding) for finding in findings},
            {code: paths for code, paths in missing.items() if paths},
        )

    def refuse_faulty(self, document: Any) -> None:
        if faults := self.validate(document):
            raise BadDocument(faults)

    def sheet(self, document: Mapping[str, Any]) -> Sheet:
        """Return the verdict sheet of a document that was found valid when it was saved."""
        findings = self.evaluate(document)
        return Sheet(overall_of(finding.outcome for finding in findings), tuple(map(self.verdict, findings)))

    def verdict(self, finding: Finding) -> Verdict:
        explanation = self.explain(finding)
        return Verdict(
            finding.criterion.code,
            finding.criterion.category,
            finding.outcome,
            explanation.proof,
            explanation.missing,
            explanation.values,
            explanation.parameters,
            explanation.trace,
        )

    def explain(self, finding: Finding) -> Explanation:
        """Return why a finding has its outcome: the proof, what is missing, the values, the trace."""
        return self.explainer.explain(finding.applies, finding.condition, finding.outcome, passing_truth(finding))

    def proof(self, finding: Finding) -> str:
        return self.explainer.proof(finding.applies, finding.condition, finding.outcome, passing_truth(finding))

    def missing(self, finding: Finding) -> list[str]:
        return self.explainer.open_facts(finding.applies, finding.condition, finding.outcome)

    def open_questions(self, finding: Finding) -> dict[str, str]:
        """Return what is missing by path, each with what a person has to do about it, or blank."""
        return self.explainer.open_questions(finding.applies, finding.condition, finding.outcome)

    def sentence(self, criterion: Criterion) -> str:
        """Return the criterion's rule as a plain sentence with its current limits."""
        return DescribeRule(self.schema, self.limits).sentence(criterion.category, criterion.applies, criterion.rule)


def finding_of(run: tuple[Criterion, CompiledRule | None, CompiledRule], facts: Facts) -> Finding:
    criterion, applies, rule = run
    condition = rule(facts, None)
    application = applies(facts, None) if applies else None
    truth = application.truth if application else TRUE
    return Finding(criterion, outcome_of(criterion.category, truth, condition.truth), application, condition)


def nodes_of(criterion: Criterion) -> Iterator[n.Node]:
    """Yield every node of a criterion, including those of `applies`."""
    for tree in (criterion.applies, criterion.rule):
        if tree is not None:
            yield from n.subtrees(tree)


def parameters_of(criterion: Criterion) -> tuple[str, ...]:
    """Return the names of the parameters that a criterion reads, also through terms.

    Each is listed once, in the order of the criterion's rule.
    """
    return tuple(dict.fromkeys(node.name for node in nodes_of(criterion) if isinstance(node, n.Param)))


def outcome_paths(criterion: Criterion, limits: Mapping[str, Limit]) -> frozenset[str]:
    """Return the facts of the visit on which the outcome of a criterion may depend.

    An open window depends on none.
    """
    open_windows = {
        id(inner)
        for node in nodes_of(criterion)
        if isinstance(node, n.Within) and limits[node.period.name].value is None
        for inner in n.subtrees(node)
    }
    facts = (node for node in nodes_of(criterion) if isinstance(node, n.Fact) and id(node) not in open_windows)
    return frozenset(fact.path for fact in facts if not fact.path.startswith("."))


def passing_truth(finding: Finding) -> Truth:
    """Return the truth of the condition that lets a subject take part."""
    return TRUE if finding.criterion.category == "inclusion" else FALSE


def outcome_of(category: Category, applies: Truth, condition: Truth) -> Outcome:
    """Return the outcome of a criterion from whether it applies and whether its condition holds.

    Where it is unknown whether a criterion applies, it passes only when its requirement is known to hold.
    """
    if applies is FALSE:
        return "not_applicable"
    met = condition if category == "inclusion" else ~condition
    if applies is UNKNOWN and met is not TRUE:
        return "unknown"
    return OUTCOMES[met]


def overall_of(outcomes: Iterable[Outcome]) -> Overall:
    """Return the overall finding: one failure makes a subject ineligible, whatever is still unknown."""
    found = set(outcomes)
    return "ineligible" if "fail" in found else "undetermined" if "unknown" in found else "eligible"
