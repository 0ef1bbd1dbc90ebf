from django.urls import path

from screening.views.accounts import actions, pages, rights, session
from screening.views.amendments import decisions as amending, edit, page as amendment_page
from screening.views.audit import page as audit
from screening.views.eligibility import assessment, transition
from screening.views.log import exports, page as log
from screening.views.protocol import compare, overview, parameter, version
from screening.views.review import decisions, enrolment, page as review, questions, queue
from screening.views.simulations import simulation, start, what_if
from screening.views.visits import close, field_history, reference_ranges, revisions, section, subject, visit
from screening.views.worklist import page as worklist

app_name = "screening"

urlpatterns = [
    path("", worklist.worklist, name="subjects"),
    path("session/", session.session, name="session"),
    path("accounts/", pages.accounts, name="accounts"),
    path("accounts/new/", actions.account_new, name="account-new"),
    path("accounts/<int:pk>/", pages.account, name="account"),
    path("accounts/<int:pk>/grant/", actions.account_grant, name="account-grant"),
    path("accounts/<int:pk>/grants/<int:grant>/revoke/", actions.account_revoke, name="account-revoke"),
    path("accounts/<int:pk>/rename/", actions.account_rename, name="account-rename"),
    path("accounts/<int:pk>/activity/", actions.account_activity, name="account-activity"),
    path("accounts/<int:pk>/access/", actions.account_access, name="account-access"),
    path("accounts/<int:pk>/confirm/", actions.account_confirm, name="account-confirm"),
    path("rights/", rights.rights, name="rights"),
    path("rights/export/", rights.rights_export, name="rights-export"),
    path("trail/", audit.trail, name="trail"),
    path("trail/export/", audit.trail_export, name="trail-export"),
    path("trail/review/", audit.trail_review, name="trail-review"),
    path("log/", log.log, name="log"),
    path("log/export/<slug:file_format>/", exports.log_export, name="log-export"),
    path("log/export-deidentified/", exports.deidentified_export, name="deidentified-export"),
    path("review/", queue.review_queue, name="review-queue"),
    path("open-visits/", transition.open_visits, name="open-visits"),
    path("reference-ranges/", reference_ranges.reference_ranges, name="reference-ranges"),
    path("protocol/", overview.protocol, name="protocol"),
    path("protocol/versions/<int:pk>/", version.version, name="version"),
    path("protocol/versions/<int:pk>/definition/", version.version_definition, name="version-definition"),
    path("protocol/versions/<int:pk>/pdf/", version.version_pdf, name="version-pdf"),
    path("protocol/compare/", compare.compare, name="compare"),
    path("protocol/parameters/<slug:name>/", parameter.parameter, name="parameter"),
    path("subjects/new/", subject.subject_new, name="subject-new"),
    path("subjects/<int:pk>/", subject.subject, name="subject"),
    path("subjects/<int:pk>/visits/new/", visit.visit_new, name="visit-new"),
    path("visits/<int:pk>/", visit.visit, name="visit"),
    path("visits/<int:pk>/sections/<slug:code>/", section.section, name="section"),
    path("visits/<int:pk>/sections/<slug:code>/live/", section.section_live, name="section-live"),
    path("visits/<int:pk>/fields/", field_history.field_history, name="field-history"),
    path("visits/<int:pk>/ask/", questions.visit_ask, name="visit-ask"),
    path("visits/<int:pk>/assess/", assessment.visit_assess, name="visit-assess"),
    path("visits/<int:pk>/reassess/", transition.visit_reassess, name="visit-reassess"),
    path("visits/<int:pk>/close/", close.visit_close, name="visit-close"),
    path("visits/<int:pk>/revisions/", revisions.revisions, name="revisions"),
    path("visits/<int:pk>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("assessments/<int:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<int:pk>/replay/", assessment.assessment_replay, name="assessment-replay"),
    path("assessments/<int:pk>/review/", review.review, name="review"),
    path("assessments/<int:pk>/sign/", decisions.assessment_sign, name="assessment-sign"),
    path("assessments/<int:pk>/close/", decisions.assessment_close, name="assessment-close"),
    path("assessments/<int:pk>/send-back/", decisions.assessment_send_back, name="assessment-send-back"),
    path("assessments/<int:pk>/ask/", questions.assessment_ask, name="assessment-ask"),
    path("verdicts/<int:pk>/disagree/", questions.verdict_disagree, name="verdict-disagree"),
    path("questions/<int:pk>/answer/", questions.question_answer, name="question-answer"),
    path("signatures/<int:pk>/enrol/", enrolment.signature_enrol, name="enrol"),
    path("amendments/new/", edit.amendment_new, name="amendment-new"),
    path("amendments/<int:pk>/", amendment_page.amendment, name="amendment"),
    path("amendments/<int:pk>/definition/", amendment_page.amendment_definition, name="amendment-definition"),
    path("amendments/<int:pk>/plan/", edit.amendment_plan, name="amendment-plan"),
    path("amendments/<int:pk>/file/", edit.amendment_file, name="amendment-file"),
    path("amendments/<int:pk>/parameters/<slug:name>/", edit.amendment_parameter, name="amendment-parameter"),
    path("amendments/<int:pk>/criteria/<slug:code>/", edit.amendment_criterion, name="amendment-criterion"),
    path("amendments/<int:pk>/boundaries/", amending.amendment_boundaries, name="amendment-boundaries"),
    path("amendments/<int:pk>/propose/", amending.amendment_propose, name="amendment-propose"),
    path("amendments/<int:pk>/reject/", amending.amendment_reject, name="amendment-reject"),
    path("amendments/<int:pk>/withdraw/", amending.amendment_withdraw, name="amendment-withdraw"),
    path("amendments/<int:pk>/dry-run/", start.dry_run, name="dry-run"),
    path("amendments/<int:pk>/approve/", amending.amendment_approve, name="amendment-approve"),
    path("what-if/", what_if.what_if, name="what-if"),
    path("simulations/<int:pk>/", simulation.simulation, name="simulation"),
    path("simulations/<int:pk>/progress/", simulation.simulation_progress, name="simulation-progress"),
    path("simulations/<int:pk>/cancel/", start.simulation_cancel, name="simulation-cancel"),
]
