"""Where one is in an image: a directory, and of it a path, one of its versions or a layer; shown by the stage, the line
over it, the story below it and the lists beside it."""

from PySide6.QtCore import Qt, Signal

from layerviz.app import explore_image as images
from layerviz.app import explore_words as words
from layerviz.app.explore_frame import ExploreFrame
from layerviz.app.explore_image import ImageScene, Opened
from layerviz.app.explore_reading import ReadingScene
from layerviz.app.look import Look
from layerviz.engine import merge, paths
from layerviz.engine.address import Address, AddressError, parse
from layerviz.engine.layer_facts import LayerFacts
from layerviz.engine.pathstory import path_story, stored_versions
from layerviz.engine.waste import Finding


class ExplorePlaces(ExploreFrame):
    """`text_wanted` carries a file whose text is to be shown, and the position of the layer whose version is meant (0:
    the last one); `mode_chosen` slabs or flat."""

    # An object, for Qt's strings lose what is no UTF-8 in a path.
    text_wanted = Signal(object, int)
    mode_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._image: Opened | None = None
        self._directory = paths.ROOT
        self._path = ""
        self._version = 0
        self._layer = 0
        self._facts: tuple[LayerFacts, ...] = ()
        self._told: tuple[Opened, str, str] | None = None
        """The place that is described over and below the stage, and in which language."""
        self.stage.chosen.connect(self._chosen)
        self.stage.entered.connect(self._entered)
        self.head.went_to.connect(self.go_to)
        self.head.mode.connect(self._set_mode)
        self.layers.chosen.connect(self.choose_layer)
        self.findings.chosen.connect(self.choose_finding)
        self.search.chosen.connect(self.show_path)
        self.story.enter_button.clicked.connect(self._step_in)
        look.retranslated.connect(self._refresh)

    @property
    def image(self) -> Opened | None:
        return self._image

    @property
    def directory(self) -> str:
        return self._directory

    @property
    def path(self) -> str:
        """The chosen path, "" for none."""
        return self._path

    @property
    def version(self) -> int:
        """The position of the layer whose version of the path is chosen, 0 for the path as it is seen."""
        return self._version

    @property
    def layer(self) -> int:
        """The position of the chosen layer, 0 for none."""
        return self._layer

    def go_to(self, directory: str) -> None:
        """Steps to a directory."""
        if self._image is None:
            return
        self._directory = images.existing(self._image, directory)
        self.stage.stand_at("")
        self._let_go()
        self._show()

    def up(self) -> None:
        """Steps back to the directory above, where the one that one leaves is chosen."""
        left = self._directory
        if left != paths.ROOT:
            self.go_to(paths.parent(left))
            self.choose_path(left, play=False)
            self.stage.stand_at(self.stage.chosen_address)

    def show_path(self, path: str, position: int = 0) -> None:
        """Steps to where `path` is and chooses it, or its version in a layer."""
        if self._image is None:
            return
        if path == paths.ROOT:
            self.go_to(path)
            return
        if paths.parent(path) != self._directory:
            self.go_to(paths.parent(path))
        self.choose_path(path, position)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stage.walk(True)
        self.stage.stand_at(self.stage.chosen_address)

    def choose_path(self, path: str, position: int = 0, play: bool = True) -> None:
        """Chooses a path of the directory: as it is seen, which plays how it is found, or its version in a layer."""
        image = self._image
        if image is None:
            return
        address = f"{image.name}[{position}]:{path}" if position else images.address_of(image, path)
        found = merge.seen(image.stack, path)
        at = position or (found.position if found is not None else parse(address).layer if address else 0)
        at = at if isinstance(at, int) else 0
        self._path, self._layer = path, 0
        # Of what nobody sees it is its newest version.
        self._version = 0 if found is not None and not position else at
        self._show(looked=path if play and not position and found is not None else "", chosen=address)
        self.layers.choose(at)
        self.findings.choose(path)
        self._tell_story()

    def choose_layer(self, position: int) -> None:
        """Chooses a layer; one with nothing in this directory is shown where it has something."""
        self.search.hide_list()
        image = self._image
        if image is None:
            return
        if position in images.left_out(image, self._directory):
            self._directory = images.home_of(image, position)
        self._path, self._version, self._layer = "", 0, position
        self._show()
        picture = self.stage.picture
        self.stage.choose(f"{image.name}[{images.row_of(picture, position) if picture is not None else position}]")
        self.layers.choose(position)
        self._tell_story()

    def choose_finding(self, finding: Finding) -> None:
        """Steps to where a finding is, and chooses its (first) path."""
        self.search.hide_list()
        if self._image is None:
            return
        first = finding.paths[0] if finding.paths else finding.path
        inside = finding.count > 1 and paths.parent(first) == finding.path
        held = self.findings.list.currentIndex()
        self.show_path(first if inside or finding.count == 1 or finding.kind == "repeated" else finding.path)
        self.findings.list.setCurrentIndex(held)

    def _let_go(self) -> None:
        self._path, self._version, self._layer = "", 0, 0
        self.stage.choose("")
        self.layers.choose(0)
        self.findings.let_go()
        self._tell_story()

    # What is shown of it

    def _show(self, looked: str = "", chosen: str = "") -> None:
        image = self._image
        if image is None:
            return
        place = images.place_at(image, self._directory, self._path)
        scene = ImageScene(image, place, looked)
        before = self.stage.scene
        steps = isinstance(before, ReadingScene) and before.image.name == image.name
        if isinstance(before, ImageScene) and before.image is image:
            steps = before.place.directory != place.directory
        if chosen and not looked:
            # Before, so that one picture is laid out, not two.
            self.stage.choose(chosen)
        self.stage.show_scene(scene, play=bool(looked), glide=steps)
        if looked:
            self.stage.choose(chosen)
        self._tell_place()

    def _tell_place(self) -> None:
        image, look = self._image, self._look
        if image is None:
            return
        picture = self.stage.picture
        self.head.segments.choose(picture.mode if picture is not None else "flat")
        place = image, self._directory, look.lang
        if place == self._told:
            return
        # All names of the directory are looked at.
        self._told = place
        self.head.tell(self._directory, words.counts_words(images.counts_in(image, self._directory), look.lang))
        left = images.left_out(image, self._directory)
        names = images.names_in(image, self._directory)
        nothing = "" if names else look.say("explore.nothing_here")
        unknown = words.unknown_words(image, look.lang)
        self.note_left.say(nothing or unknown or words.left_out_words(left, self._directory, look.lang))
        has_directory = any(name.is_directory for name in names)
        self.note_right.say(look.say("explore.directories_show") if has_directory else "")

    def _tell_story(self) -> None:
        """Of what is chosen, else of the directory that one is in, else of the image."""
        image, lang = self._image, self._look.lang
        path = self._path or self._directory
        if image is None:
            self.story.tell(None)
        elif self._layer:
            facts = next((one for one in self._facts if one.position == self._layer), None)
            self.story.tell(words.layer_story(image, self._layer, facts, lang))
        elif path == paths.ROOT:
            self.story.tell(words.image_story(image, lang))
        else:
            texts = len(stored_versions(path_story(image.stack, path)))
            enters = bool(self._path) and images.is_directory(image, path)
            self.story.tell(words.path_words(image, path, lang), texts, enters)

    def _refresh(self) -> None:
        self._tell_place()
        self._tell_story()

    # What the stage says

    def _chosen(self, address: str) -> None:
        self.search.hide_list()
        parsed = _parsed(address)
        if parsed is None or self._image is None:
            self._let_go()
            self._show()
            return
        position = parsed.layer if isinstance(parsed.layer, int) else 0
        if self.stage.here.endswith(".more"):
            self.search.look_for(f"{self._directory.rstrip('/')}/*")
            self.search.found.enter()
        elif parsed.path is None:
            self.findings.let_go()
            self.choose_layer(position)
        elif parsed.path == self._directory:
            self._let_go()
            self._show()
        else:
            self.choose_path(parsed.path, position)

    def _entered(self, address: str) -> None:
        parsed = _parsed(address)
        if parsed is None or self._image is None:
            return
        position = parsed.layer if isinstance(parsed.layer, int) else 0
        if not parsed.path:
            self.story.changes_button.click()
        elif images.is_directory(self._image, parsed.path):
            self.go_to(parsed.path)
        else:
            self.text_wanted.emit(parsed.path, position)

    def _step_in(self) -> None:
        self.go_to(self._path)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self._tell_place()
        self.mode_chosen.emit(mode)


def _parsed(address: str) -> Address | None:
    try:
        return parse(address) if address else None
    except AddressError:
        return None
