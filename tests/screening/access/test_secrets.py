import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given, strategies as st

from screening.access.secrets import decrypt_secret, encrypt_secret


@given(st.text())
def test_secret_comes_back_and_is_not_in_what_is_stored(text):
    stored = encrypt_secret(text)
    assert decrypt_secret(stored) == text
    assert len(text) < 4 or text not in stored


def test_secret_can_be_read_after_the_key_was_exchanged(settings):
    stored = encrypt_secret("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert decrypt_secret(stored) == "JBSWY3DPEHPK3PXP"


def test_secret_cannot_be_read_by_another_key(settings):
    stored = encrypt_secret("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another key"
    with pytest.raises(InvalidToken):
        decrypt_secret(stored)
