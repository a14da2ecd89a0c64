"""What the player says at a place of a lesson: captions, answers, ways on at the end. No Qt but the look's language."""

from layerviz.app.look import Look
from layerviz.app.walk import Walk
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.lessons import loading
from layerviz.lessons.asking import NONE, layer_said
from layerviz.lessons.playing import Played, StepRun, caption, filled, small
from layerviz.lessons.schema import Lesson, Question
from layerviz.picture.shapes import Hue
from layerviz.shell import Result
from layerviz.strings import Lang

Ways = list[tuple[str, str]]


def caption_shown(walk: Walk, run: StepRun, look: Look) -> tuple[str, str]:
    """The caption and its small line: until the hand has done its part, what it is to do."""
    if walk.phase == "act" and run.step.act is not None:
        return run.step.act.text.of(look.lang), look.say("player.by_keyboard")
    return caption(run, look.lang), small(run, look.lang)


def before_command(run: StepRun, names: str, look: Look) -> str:
    """What stands there while it is asked what a command will do: `names`, before that command."""
    command = run.results[-1].command.split("\n", 1)[0]
    moving = next((one.command for one in run.results if one.command.startswith("docker")), command)
    return look.say("player.before_command" if names else "player.before_anything", name=names, command=moving)


def earlier_results(run: StepRun, played: Played) -> tuple[Result, ...]:
    """What was typed in the lesson's own world before a step."""
    if run.step.world:
        return ()
    before = [one for one in played.steps[: run.number - 1] if not one.step.world]
    return tuple(result for one in before for result in one.results)


def step_names(played: Played, look: Look) -> list[str]:
    """What each step is called, and after them the challenge."""
    names = [look.say("player.step_name", n=n, text=caption(one, look.lang)) for n, one in enumerate(played.steps, 1)]
    return names + ([look.say("player.now_you")] if played.challenge is not None else [])


def answer_shown(run: StepRun, asked: Question, given: int | str, lang: Lang) -> str:
    """An answer as a person reads it: the number, the option's text, the layer."""
    if asked.kind == "choose":
        return filled(run, asked.options[int(given)].text, lang)
    if given == NONE and asked.none is not None:
        return asked.none.of(lang)
    return layer_said(given, lang) if isinstance(given, str) else str(given)


def where_outlined(look_at: tuple[str, ...], look: Look) -> str:
    """What is outlined on the stage, in words; "" for nothing."""
    if not look_at:
        return ""
    paths = {address.partition(":/")[2] for address in look_at}
    if len(paths) == 1 and len(look_at) == 2 and "" not in paths:
        return look.say("question.both_outlined", path="/" + paths.pop())
    return look.say("question.outlined", what=", ".join(_thing(address, look.lang) for address in look_at))


def _thing(address: str, lang: Lang) -> str:
    """A layer, or a file of one: "layer 1, /usr/bin/apt"."""
    _, _, path = address.partition(":/")
    return f"{layer_said(address, lang)}  /{path}" if path else layer_said(address, lang)


def end_shown(walk: Walk, look: Look) -> tuple[str, str, str, Ways]:
    """Head, sentence, small line and ways on, at the challenge and at the end of a lesson."""
    lang, lesson = look.lang, walk.lesson
    if walk.phase == "challenge" and lesson.challenge is not None:
        ways: Ways = [("challenge", look.say("player.start_challenge")), ("skip", look.say("player.later"))]
        par = look.say("player.par", count=lesson.challenge.par)
        return look.say("player.now_you"), lesson.challenge.text.of(lang), par, ways
    takeaway = lesson.takeaway.of(lang) if lesson.takeaway else ""
    ways = [(door.to, door.text.of(lang)) for door in lesson.doors]
    if not ways:
        following = _following(lesson)
        if following is not None:
            ways.append((following.id, look.say("player.next_lesson", title=following.title.of(lang))))
        ways.append(("build", look.say("player.build_own")))
        ways.append(("home", look.say("player.all_lessons")))
    return look.say("player.you_can_say"), takeaway, "", ways


def top_hue(run: StepRun) -> Hue:
    """The hue of the topmost layer on the stage after the step."""
    for address in reversed(run.place_after.show):
        try:
            place = resolve(run.after, parse(address))
        except AddressError:
            continue
        if place.container is not None:
            return "rw"
        if place.stack and place.kind == "image":
            return len(place.stack)
    return 1


def _following(lesson: Lesson) -> Lesson | None:
    story = loading.lessons()
    at = next((number for number, one in enumerate(story) if one.id == lesson.id), -1)
    return story[at + 1] if 0 <= at < len(story) - 1 else None
