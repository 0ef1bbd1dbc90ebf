import json

from criteria.definition.reader import Edition, parse_definition
from criteria.standards import standard_text
from tests.criteria.definition.test_reader import SMALL

# What each class must have, by the API model of USDM 4.0 (`required`, beside `id` and `instanceType`).
REQUIRED = {
    "Study": {"name"},
    "StudyVersion": {"versionIdentifier", "rationale", "studyIdentifiers", "titles"},
    "StudyIdentifier": {"text", "scopeId"},
    "StudyTitle": {"text", "type"},
    "Organization": {"name", "type", "identifierScheme", "identifier"},
    "InterventionalStudyDesign": {
        *("name", "arms", "studyCells", "rationale", "epochs", "population", "eligibilityCriteria", "model"),
    },
    "StudyDesignPopulation": {"name", "includesHealthySubjects"},
    "EligibilityCriterion": {"name", "category", "identifier", "criterionItemId"},
    "EligibilityCriterionItem": {"name", "text"},
    "Code": {"code", "codeSystem", "codeSystemVersion", "decode"},
    "Quantity": {"value"},
    "CommentAnnotation": {"text"},
    "ExtensionAttribute": {"url"},
}
OFFICIAL = "    official_wording: {zh: 红色, en: 'Red, pH < 7 & more'}\n    source: Page 3\n"


def instances(data):
    """Every instance of a class within."""
    if isinstance(data, dict):
        if "instanceType" in data:
            yield data
        for value in data.values():
            yield from instances(value)
    elif isinstance(data, list):
        for value in data:
            yield from instances(value)


def exported(text):
    return json.loads(standard_text(Edition(*parse_definition(text)), "usdm"))


def test_every_instance_has_what_the_model_requires_and_an_id_of_its_own(shipped):
    data = json.loads(standard_text(shipped, "usdm"))
    assert data["usdmVersion"] == "4.0.0"
    found = [*instances(data)]
    for each in found:
        assert each.keys() >= REQUIRED[each["instanceType"]] | {"id"}, each["id"]
    assert len({each["id"] for each in found}) == len(found)


def test_criteria_are_a_chain_and_each_has_its_item_and_its_rule(shipped):
    version = json.loads(standard_text(shipped, "usdm"))["study"]["versions"][0]
    (design,) = version["studyDesigns"]
    criteria = design["eligibilityCriteria"]
    items = {each["id"]: each for each in version["eligibilityCriterionItems"]}
    assert [each["identifier"] for each in criteria] == [each.code for each in shipped.protocol.criteria]
    assert design["population"]["criterionIds"] == [each["id"] for each in criteria]
    assert [each["nextId"] for each in criteria] == [*(each["id"] for each in criteria[1:]), None]
    assert [each["previousId"] for each in criteria] == [None, *(each["id"] for each in criteria[:-1])]
    for each, block in zip(criteria, shipped.data["criteria"], strict=True):
        item = items[each["criterionItemId"]]
        assert each["category"]["code"] == {"inclusion": "C25532", "exclusion": "C25370"}[block["category"]]
        rule = json.loads(item["extensionAttributes"][0]["valueString"])
        assert rule.keys() == {key for key in ("rule", "applies") if block.get(key)}


def test_official_wording_stands_first_and_our_words_beside_it():
    text = SMALL.replace("    statement: Red\n", f"    statement: Reddish\n{OFFICIAL}")
    version = exported(text + 'sponsor_protocol: {version: "3.0", date: 2023-05-04}\n')["study"]["versions"][0]
    slow, red = version["eligibilityCriterionItems"]
    assert red["text"] == "Red, pH &lt; 7 &amp; more"
    notes = [note["text"] for note in red["notes"]]
    assert notes[0] == "Official wording (zh): 红色"
    assert notes[1] == "Statement in the site's words: Reddish"
    assert notes[-1] == "Source: Page 3"
    assert slow["text"] == "A slow pulse"
    assert "own wording was not entered" in slow["notes"][0]["text"]
    assert version["versionIdentifier"] == "3.0"


def test_text_of_an_item_is_escaped_as_usdm_reads_it():
    text = SMALL.replace("statement: Red\n", "statement: pH < 7 & more\n")
    assert exported(text)["study"]["versions"][0]["eligibilityCriterionItems"][1]["text"] == "pH &lt; 7 &amp; more"


def test_export_is_the_same_each_time(shipped):
    assert standard_text(shipped, "usdm") == standard_text(shipped, "usdm")
