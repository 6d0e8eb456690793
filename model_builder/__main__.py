"""Where the command starts."""

from model_builder.cli.interruption import end_on_signals, exit_on_signals


def run() -> None:
    """`undertone` and `python -m model_builder`."""
    exit_on_signals()
    try:
        from model_builder.cli.app import main  # takes half a second, in which signals count already

        main()
    finally:
        end_on_signals()


if __name__ == "__main__":
    run()
