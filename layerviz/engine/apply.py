"""`apply(world, action)`: the next world and what happened. Undo, replay and branching are earlier worlds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from layerviz.engine import actions as do
from layerviz.engine import building, containers, paths, storing
from layerviz.engine.errors import EngineError
from layerviz.engine.files import Files
from layerviz.engine.upper import Upper
from layerviz.engine.world import Layer, World


def empty_world() -> World:
    """No images, no containers, an empty folder."""
    return World(images=(), tags=(), containers=(), host=Layer(1, Upper()), serial=2)


def apply(world: World, action: do.Action) -> do.Outcome:
    """What becomes of `world`. What the kernel would refuse is an outcome with an errno's name, the world unchanged.

    Raises `EngineError` only on misuse: a key that the world does not have, a build step where no build is under way.
    """
    handler = _HANDLERS.get(type(action))
    if handler is None:
        raise EngineError(type(action).__name__, "this is no action")
    return handler(world, action)


def _change_directory(world: World, action: do.ChangeDirectory) -> do.Outcome:
    return do.Outcome(replace(world, cwd=paths.normal(action.path)))


def _keep_prompt(world: World, action: do.KeepPrompt) -> do.Outcome:
    return do.Outcome(world if action.prompt == world.prompt else replace(world, prompt=action.prompt))


def _tick(world: World, action: do.Tick) -> do.Outcome:
    return do.Outcome(replace(world, clock=world.clock + action.seconds))


def _tell(world: World, action: do.Tell) -> do.Outcome:
    return do.Outcome(world, action.events)


def _on_files(change: Callable[[Files, Any], None]) -> Callable[[World, Any], do.Outcome]:
    def handler(world: World, action: Any) -> do.Outcome:
        return containers.change_files(world, action.target, lambda files: change(files, action))

    return handler


_HANDLERS: dict[type[do.Action], Callable[[World, Any], do.Outcome]] = {
    do.Read: _on_files(lambda files, action: files.read(action.path)),
    do.List: _on_files(lambda files, action: files.list(action.path)),
    do.Write: _on_files(
        lambda files, action: files.write(action.path, action.content, append=action.append, mode=action.mode)
    ),
    do.WriteAt: _on_files(lambda files, action: files.write_at(action.path, action.offset, action.content)),
    do.Truncate: _on_files(lambda files, action: files.truncate(action.path, action.size_bytes)),
    do.Touch: _on_files(lambda files, action: files.touch(action.path)),
    do.Mkdir: _on_files(lambda files, action: files.mkdir(action.path, action.mode)),
    do.Unlink: _on_files(lambda files, action: files.unlink(action.path)),
    do.Rmdir: _on_files(lambda files, action: files.rmdir(action.path)),
    do.RemoveTree: _on_files(lambda files, action: files.remove_tree(action.path)),
    do.Rename: _on_files(lambda files, action: files.rename(action.old, action.new)),
    do.Chmod: _on_files(lambda files, action: files.chmod(action.path, action.mode)),
    do.Chown: _on_files(lambda files, action: files.chown(action.path, action.uid, action.gid)),
    do.Symlink: _on_files(lambda files, action: files.symlink(action.linkname, action.path)),
    do.Link: _on_files(lambda files, action: files.link(action.old, action.new)),
    do.Mknod: _on_files(lambda files, action: files.mknod(action.entry)),
    do.Put: _on_files(lambda files, action: files.put(action.entries)),
    do.ChangeDirectory: _change_directory,
    do.KeepPrompt: _keep_prompt,
    do.StartBuild: building.start_build,
    do.UseCache: building.use_cache,
    do.AddImage: building.add_image,
    do.FinishBuild: building.finish_build,
    do.StopBuild: building.stop_build,
    do.Commit: building.commit,
    do.BringImage: storing.bring,
    do.Tag: storing.tag,
    do.Untag: storing.untag,
    do.RemoveImage: storing.remove,
    do.CreateContainer: containers.create,
    do.StartContainer: containers.start,
    do.StopContainer: containers.stop,
    do.KeepLog: containers.keep_log,
    do.RenameContainer: containers.rename,
    do.RemoveContainer: containers.remove,
    do.Tell: _tell,
    do.Tick: _tick,
}
