from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory

from screening.models import Revision, Subject, Visit


class UserFactory(DjangoModelFactory[User]):
    """`role` is the name of a group; without one the user may do nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)

    @factory.post_generation
    def role(self, create: bool, name: str | None, **kwargs: Any) -> None:
        if create and name:
            self.groups.add(Group.objects.get(name=name))


class SubjectFactory(DjangoModelFactory[Subject]):
    class Meta:
        model = Subject

    screening_number = factory.Sequence("S-{:04}".format)
    created_by = factory.SubFactory(UserFactory)


class VisitFactory(DjangoModelFactory[Visit]):
    class Meta:
        model = Visit

    number = 1
    created_by = factory.SelfAttribute("subject.created_by")


class RevisionFactory(DjangoModelFactory[Revision]):
    class Meta:
        model = Revision

    number = 1
    section = "visit"
    document = factory.LazyFunction(lambda: {"visit": {"date": "2026-03-09"}})
    created_by = factory.SelfAttribute("visit.created_by")
