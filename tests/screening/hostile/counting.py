"""Whether a request changed anything."""

from django.apps import apps

from screening.models import AccessEvent, Refusal, SigningFailure

TOLD = {AccessEvent, Refusal, SigningFailure}  # that something was refused is on record


def counts():
    """How many rows every table of records and of accounts has, but those that tell of refusals."""
    models = [*apps.get_app_config("criteria").get_models(), *apps.get_app_config("screening").get_models()]
    return {model.__name__: model._default_manager.count() for model in models if model not in TOLD}
