from criteria.evaluation.remedy import remedy_of


def failing(protocol, document):
    """The prospect of each criterion that fails, by code."""
    assert not protocol.validate(document)
    findings = [finding for finding in protocol.evaluate(document) if finding.outcome == "fail"]
    return {finding.criterion.code: remedy_of(protocol, document, finding) for finding in findings}
