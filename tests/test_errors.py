"""Which errors are the user's, and which are bugs."""


from model_builder.errors import os_error_behind


def raised_while_handling(is_cause: bool) -> Exception:
    try:
        try:
            raise FileNotFoundError(2, "No such file or directory", "a.wav")
        except OSError as error:
            if is_cause:
                raise KeyError("name") from error
            raise KeyError("name")  # noqa: B904, this is the bug that must show
    except KeyError as error:
        return error


def test_an_error_raised_from_an_os_error_is_about_the_file():
    assert os_error_behind(raised_while_handling(is_cause=True)).filename == "a.wav"


def test_a_bug_in_the_handler_of_an_os_error_is_a_bug():
    assert os_error_behind(raised_while_handling(is_cause=False)) is None
