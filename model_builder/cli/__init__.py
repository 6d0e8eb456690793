"""The command line: one module a group of commands, which parse, call one function each, and print."""
