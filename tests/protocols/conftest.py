from functools import cache
from typing import Any

import pytest
from hypothesis import settings

from criteria.definition.reader import protocol_from
from criteria.definition.yaml_tree import YamlTree
from criteria.evaluation.protocol import Protocol
from tests.conftest import PROTOCOL
from tests.support.yaml_cases import Amended, Parameters

settings.register_profile("trialsite", parent=settings(), deadline=None)  # a busy machine is no fault of the rules
settings.load_profile("trialsite")


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    return YamlTree(PROTOCOL.read_text(encoding="utf-8")).data


@pytest.fixture(scope="session")
def protocol(definition: dict[str, Any]) -> Protocol:
    return protocol_from(definition)


@pytest.fixture(scope="session")
def amended(definition: dict[str, Any], protocol: Protocol) -> Amended:
    """The protocol with other values of some parameters; LookupError for one that it does not have."""

    @cache
    def under(parameters: Parameters) -> Protocol:
        blocks = dict(definition["parameters"])
        for name, value in parameters:
            if name not in blocks:
                raise LookupError(f"the protocol has no parameter “{name}”")
            blocks[name] = blocks[name] | {"value": value}
        return protocol_from(definition | {"parameters": blocks}) if parameters else protocol

    return under
