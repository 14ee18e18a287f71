"""What can go wrong with the embedded server; the command line translates the messages."""


class ServerError(Exception):
    """The server cannot be used; `message` is an English message id that `params` fill."""

    def __init__(self, message: str, **params: str | int) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        """Return the English text."""
        return self.message % self.params
