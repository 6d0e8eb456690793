"""Finds or assembles what builds the Kotlin half: a JDK, Gradle and an Android SDK. Standard library only: it runs before `make asset`."""


class ToolchainError(Exception):
    """What keeps the toolchain from working, in one sentence that says what to do."""
