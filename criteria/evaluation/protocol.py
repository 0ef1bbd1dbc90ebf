"""One version of a trial's protocol, ready to evaluate visits; it knows neither the database nor users."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from criteria.evaluation.checks import CheckContext, CheckList, CheckRunner
from criteria.evaluation.criterion import Category, CompiledCriterion, Criterion, Finding, Outcome
from criteria.evaluation.summary import Summarizer, SummaryEntry, SummaryLine
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.explain import Explainer, Explanation
from criteria.rules.facts import NEWEST_FORMAT, Facts, Limit, test_of
from criteria.rules.truth import FALSE, TRUE, Truth
from criteria.rules.values.tables import Table
from criteria.vocabulary.edit_checks import EditCheck
from criteria.vocabulary.facts import FactReader
from criteria.vocabulary.faults import BadDocument, Fault
from criteria.vocabulary.fits import FittingCheck
from criteria.vocabulary.parts import Vocabulary
from criteria.vocabulary.schema import schema_of
from criteria.vocabulary.validate import validate

Overall = Literal["eligible", "ineligible", "undetermined"]


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


class OutcomesAnswer(NamedTuple):
    """The command line's answer to a document where outcomes are enough."""

    overall: Overall
    outcomes: dict[str, Outcome]


class EvaluationAnswer(NamedTuple):
    """The command line's answer to a document: a verdict sheet by code, without the traces behind it."""

    overall: Overall
    outcomes: dict[str, Outcome]
    proofs: dict[str, str]
    missing: dict[str, list[str]]
    checks: list[dict[str, Any]]


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
        checks: CheckList | None = None,
        format: int = NEWEST_FORMAT,
        summary: Iterable[SummaryEntry] = (),
        tables: Mapping[str, Table] | None = None,
    ) -> None:
        self.trial = trial
        self.title = title
        self.registry_url = registry_url
        self.version = version
        self.effective_from = effective_from
        self.vocabulary = vocabulary
        self.limits = limits
        self.criteria = criteria
        self.format = format
        self.schema = schema_of(vocabulary, format, tables)
        self.reader = FactReader(vocabulary)
        self.fitting = FittingCheck(vocabulary)
        self.explainer = Explainer(self.schema, limits)
        self.compiled = [CompiledCriterion(criterion, self.schema, limits) for criterion in criteria]
        self.checks = CheckRunner(vocabulary, checks or CheckList((), self.schema, limits))
        self.summarizer = Summarizer(summary, self.schema, limits)
        self.sentences: dict[str, str] = {}  # by code, once they are asked for
        self.reads = {criterion.code: outcome_paths(criterion, limits) for criterion in criteria}

    def compile(self) -> None:
        """Compile at once what is otherwise compiled when it is first used."""
        for compiled in self.compiled:
            compiled.compile()
        self.checks.compile()

    def forget(self) -> None:
        """Drop whatever was kept of earlier visits."""
        for compiled in self.compiled:
            compiled.forget()

    def validate(self, document: object) -> tuple[Fault, ...]:
        """Return every fault of a document, in its own order; they are looked for only where it does not surely fit."""
        return () if self.fitting.fits(document) else validate(self.vocabulary, document)

    def evaluate(self, document: Mapping[str, Any]) -> list[Finding]:
        """Return the findings of a valid document, in the order of the criteria, whose traces are complete."""
        return self.findings(self.reader.read(document))

    def findings(self, facts: Facts, codes: Container[str] | None = None) -> list[Finding]:
        """Return the findings of all criteria, or of those in `codes`."""
        return [Finding(each, facts) for each in self.compiled if codes is None or each.code in codes]

    def outcomes(self, document: Mapping[str, Any]) -> dict[str, Outcome]:
        """Return the outcomes of a valid document by code, without traces."""
        return self.outcomes_of(self.reader.read(document))

    def outcomes_of(self, facts: Facts, codes: Container[str] | None = None) -> dict[str, Outcome]:
        """Return the outcomes of all criteria, or of those in `codes`, without traces."""
        return {each.code: each.outcome(facts) for each in self.compiled if codes is None or each.code in codes}

    def raised_checks(self, document: Mapping[str, Any], context: CheckContext) -> tuple[EditCheck, ...]:
        """Return every check that a valid document raises (`criteria.evaluation.checks`)."""
        facts = self.reader.read(document)
        outcomes = self.outcomes_of(facts, self.checks.outcomes_read(context.keys))
        return self.checks.run(document, facts, outcomes, context)

    def summary(self, document: Mapping[str, Any]) -> tuple[SummaryLine, ...]:
        """Return the lines that the definition declares to say at a glance who is in a valid document."""
        return self.summarizer.lines(self.reader.read(document))

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

    def answer(self, document: Any, context: CheckContext) -> EvaluationAnswer:
        """Return outcomes, proofs, missing facts and checks; BadDocument with every fault where it must be refused."""
        self.refuse_faulty(document)
        facts = self.reader.read(document)
        findings = self.findings(facts)
        outcomes = {finding.criterion.code: finding.outcome for finding in findings}
        missing = {finding.criterion.code: self.missing(finding) for finding in findings}
        return EvaluationAnswer(
            overall_of(outcomes.values()),
            outcomes,
            {finding.criterion.code: self.proof(finding) for finding in findings},
            {code: paths for code, paths in missing.items() if paths},
            [
                {"code": check.code, "message": check.text, "paths": list(check.all_paths)}
                for check in self.checks.run(document, facts, outcomes, context)
            ],
        )

    def outcomes_answer(self, document: Any) -> OutcomesAnswer:
        """Return the outcomes alone; BadDocument with every fault where it must be refused."""
        self.refuse_faulty(document)
        outcomes = self.outcomes(document)
        return OutcomesAnswer(overall_of(outcomes.values()), outcomes)

    def refuse_faulty(self, document: Any) -> None:
        if faults := self.validate(document):
            raise BadDocument(faults)

    def sheet(self, document: Mapping[str, Any]) -> Sheet:
        """Return the verdict sheet of a document that was found valid when it was saved."""
        return self.sheet_of(self.evaluate(document))

    def sheet_of(self, findings: Sequence[Finding]) -> Sheet:
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
        """Return why a finding has its outcome: the proof, what is missing, the values, the trace.

        What is returned of a finding may be that of an earlier visit (`Finding.recall`), so it is not to be changed.
        """
        found: Explanation = finding.recall("explanation", self.new_explanation)
        return found

    def new_explanation(self, finding: Finding) -> Explanation:
        proof, missing = self.proof(finding), self.missing(finding)
        return self.explainer.explanation(finding.applies, finding.condition, proof, missing)

    def proof(self, finding: Finding) -> str:
        found: str = finding.recall("proof", self.new_proof)
        return found

    def new_proof(self, finding: Finding) -> str:
        return self.explainer.proofs.proof(finding.applies, finding.condition, finding.outcome, passing_truth(finding))

    def missing(self, finding: Finding) -> list[str]:
        """Return the paths of the facts that could still change an outcome."""
        return [*self.open_questions(finding)]

    def open_questions(self, finding: Finding) -> Mapping[str, str]:
        """Return what is missing by path, each with what a person has to do about it, or blank."""
        found: Mapping[str, str] = (
            finding.recall("questions", self.new_questions) if finding.outcome == "unknown" else {}
        )
        return found

    def new_questions(self, finding: Finding) -> Mapping[str, str]:
        return self.explainer.open_questions(finding.applies, finding.condition, finding.outcome)

    def sentence(self, criterion: Criterion) -> str:
        """Return the criterion's rule as a plain sentence with its current limits."""
        if criterion.code not in self.sentences:
            describe = DescribeRule(self.schema, self.limits)
            self.sentences[criterion.code] = describe.sentence(criterion.category, criterion.applies, criterion.rule)
        return self.sentences[criterion.code]


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
    tests = (test_of(node.records) for node in nodes_of(criterion) if isinstance(node, n.OnRecords))
    return frozenset([*(fact.path for fact in facts if not fact.path.startswith(".")), *filter(None, tests)])


def passing_truth(finding: Finding) -> Truth:
    """Return the truth of the condition that lets a subject take part."""
    return TRUE if finding.criterion.category == "inclusion" else FALSE


def overall_of(outcomes: Iterable[Outcome]) -> Overall:
    """Return the overall finding: one failure makes a subject ineligible, whatever is still unknown."""
    found = set(outcomes)
    return "ineligible" if "fail" in found else "undetermined" if "unknown" in found else "eligible"
