from django.shortcuts import get_object_or_404

from criteria.models import Amendment


def amendment_or_404(pk: int) -> Amendment:
    return get_object_or_404(Amendment.objects.select_related("trial", "base__trial", "created_by"), pk=pk)
