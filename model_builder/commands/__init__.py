"""The commands, by what they are about: they parse, call one function each, and print."""
