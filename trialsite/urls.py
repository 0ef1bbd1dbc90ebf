from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.db.transaction import atomic
from django.urls import include, path

from screening.views.accounts import access_link, pages

urlpatterns = [
    path("", include("screening.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/login/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/access/<uidb64>/<token>/", access_link.AccessLink.as_view(), name="access-link"),
    path("accounts/password/", atomic(account.password_change), name="account_change_password"),
    path("accounts/password/again/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/own/", pages.own_account, name="mfa_index"),
    path("accounts/second-factor/", atomic(totp.activate_totp), name="mfa_activate_totp"),
    path("accounts/second-factor/remove/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/recovery-codes/new/",
        atomic(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]

handler403 = "screening.views.accounts.denied.deny_access"
