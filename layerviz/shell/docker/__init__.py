"""The docker command line: one module a subject, each with its commands; `command` finds and calls them.

Texts are those of docker 28 with the classic store and the classic builder; sources stand at the functions."""
