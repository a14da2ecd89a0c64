"""The window's pages, made when they are first needed, with what they ask of the window."""

from typing import TYPE_CHECKING

from layerviz.app.home import Home

if TYPE_CHECKING:
    from layerviz.app.build import Build
    from layerviz.app.explore import Explore
    from layerviz.app.first_start import FirstStart
    from layerviz.app.player import Player
    from layerviz.app.window import Window


def home(window: "Window") -> Home:
    made = Home(window.look, window.progress, window.build_waits)
    made.opened.connect(window.open_at)
    made.restarted.connect(lambda lesson: window.open_at(lesson, 0))
    made.page.connect(window.show_page)
    made.example.connect(lambda name: window.begin("example", name))
    made.image_wanted.connect(lambda: window.show_page("explore"))
    made.keys_wanted.connect(window.keys.open)
    return made


def first_start(window: "Window") -> "FirstStart":
    from layerviz.app.first_start import FirstStart
    from layerviz.lessons import loading

    lesson = loading.lesson("start")
    made = FirstStart(window.look, lesson)
    made.started.connect(lambda: window.open_lesson(lesson.id))
    made.lessons.connect(lambda: window.show_page("lessons"))
    made.build.connect(lambda: window.show_page("build"))
    return made


def player(window: "Window") -> "Player":
    _ready()
    from layerviz.app.player import Player

    settings = window.settings
    made = Player(window.look, window.progress, settings.speed, settings.notes)
    made.set_sizes(settings.left_px, settings.right_px)
    made.stage.start_in(settings.mode)
    made.left.connect(lambda: window.show_page("lessons"))
    made.opened.connect(window.open_lesson)
    made.built.connect(lambda lesson, step: window.begin("step", lesson, step))
    made.challenged.connect(lambda lesson: window.begin("challenge", lesson))
    made.exported.connect(window.export)
    made.presented.connect(window.present)
    made.speed_chosen.connect(lambda speed: window.remember(speed=speed))
    made.mode_chosen.connect(lambda mode: window.remember(mode=mode))
    made.notes_chosen.connect(lambda on: window.remember(notes=on))
    made.sized.connect(lambda left, right: window.remember(left_px=left, right_px=right))
    return made


def build(window: "Window") -> "Build":
    _ready()
    from layerviz.app import image_ways, unfinished
    from layerviz.app.build import Build

    made = Build(window.look)
    made.stage.start_in(window.settings.mode)
    made.mode_chosen.connect(lambda mode: window.remember(mode=mode))
    kept = unfinished.load(window.build_file)
    if kept is not None:
        made.start(kept)
    made.page.connect(window.show_page)
    made.returned.connect(lambda lesson, step: window.open_at(lesson, step, resting=True))
    made.finished.connect(window.finish_lesson)
    made.solved.connect(window.solve)
    made.kept.connect(window.keep)
    made.exported.connect(window.export)
    made.presented.connect(window.present)
    made.archive_wanted.connect(lambda: image_ways.open_archive(window))
    made.save_wanted.connect(lambda: image_ways.save_image(window))
    return made


def explore(window: "Window") -> "Explore":
    _ready()
    from layerviz.app import image_ways
    from layerviz.app.explore import Explore

    settings = window.settings
    made = Explore(window.look)
    made.stage.start_in(settings.mode)
    made.mode_chosen.connect(lambda mode: window.remember(mode=mode))
    made.set_sizes(settings.explore_left_px, settings.explore_right_px)
    made.sized.connect(lambda left, right: window.remember(explore_left_px=left, explore_right_px=right))
    made.page.connect(window.show_page)
    made.exported.connect(window.export)
    made.presented.connect(window.present)
    made.built.connect(lambda image: image_ways.build(window, image))
    made.lessoned.connect(lambda image: image_ways.make_lesson(window, image))
    return made


def _ready() -> None:
    """What every page with a stage needs."""
    from layerviz.app import stage_access
    from layerviz.app.tokens import load_faces

    load_faces()
    stage_access.install()
