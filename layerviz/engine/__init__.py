"""The model: layers, images, containers and what commands do to them, as the OCI rules say.

Values only: no files, no sockets, no screen. `world` and `entry` hold the values, `actions` and `apply` change them,
`merge` looks at a stack, `digests` names it."""
