"""The programs of the shell: what coreutils and busybox do, as actions of the engine.

A module holds programs of one subject in its `PROGRAMS`; `table` joins them."""
