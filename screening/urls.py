from django.urls import path

from screening.views import (
    assessments,
    field_history,
    live,
    reference_ranges,
    revisions,
    sections,
    subjects,
    visits,
    worklist,
)

app_name = "screening"

urlpatterns = [
    path("", worklist.worklist, name="subjects"),
    path("reference-ranges/", reference_ranges.reference_ranges, name="reference-ranges"),
    path("subjects/new/", subjects.subject_new, name="subject-new"),
    path("subjects/<int:pk>/", subjects.subject, name="subject"),
    path("subjects/<int:pk>/visits/new/", visits.visit_new, name="visit-new"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/sections/<slug:code>/", sections.section, name="section"),
    path("visits/<int:pk>/sections/<slug:code>/live/", live.section_live, name="section-live"),
    path("visits/<int:pk>/fields/", field_history.field_history, name="field-history"),
    path("visits/<int:pk>/assess/", assessments.visit_assess, name="visit-assess"),
    path("visits/<int:pk>/revisions/", revisions.revisions, name="revisions"),
    path("visits/<int:pk>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<int:pk>/replay/", assessments.assessment_replay, name="assessment-replay"),
]
