"""Why something was not done: the records speak against it, said in words."""


class Refused(Exception):
    """`code` is for the program, `message` for people. Nothing was recorded but failed attempts to sign."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
