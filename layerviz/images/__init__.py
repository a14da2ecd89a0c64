"""Images in and out: read where they lie, whatever form they have, and written so that other tools load them.

`opening.image_of` and `saving.save_image` are the doors, `ports.ports` gives both to the command language, `tree.tree`
lists what an image shows. Nothing is ever extracted."""
