"""The command language: docker commands, the shell, Dockerfiles, and what they print.

`run.run_command` and `run.run_script` play commands on a world; `grammar` parses, `complete` completes."""
