"""The exception for an action that the records do not allow."""


class Refused(Exception):
    """An action that was refused, with its reason.

    `code` is for the program, `message` for people. Nothing was recorded but failed attempts to sign.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
