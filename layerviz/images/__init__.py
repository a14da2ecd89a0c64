"""Images in and out: docker archives, read where they lie and written so that other tools load them.

`docker_archive.index` and `.save` bring images in and out, `ports.ports` gives both to the command language,
`tree.tree` lists what an image shows. Nothing is ever extracted."""
