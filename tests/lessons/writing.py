"""Lesson files written for a test: one whole lesson, and the way to change a line of it."""

from pathlib import Path

LESSON = """\
id: tiny
title:
  en: Tiny
  zh_CN: 小课
minutes: 3
setup: |
  mkdir a
  echo "File 1" > a/file1
steps:
  - id: first
    show:
      - one
    run: |
      printf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile
      docker build -t one .
    ask:
      - kind: number
        text:
          en: How many?
          zh_CN: 几个？
        answer: count(view(one))
        feedback:
          - is: 2
            text:
              en: You counted the folder.
              zh_CN: 你把目录也算上了。
    caption:
      en: "{count(view(one)):Words} file."
      zh_CN: "{count(view(one)):words}个文件。"
challenge:
  text:
    en: Build mine.
    zh_CN: 构建 mine。
  show:
    - mine
  checks:
    - right_if: exists(mine)
      text:
        en: mine is there
        zh_CN: 有 mine
  par: 1
  show_me: |
    docker build -t mine .
"""


def lesson_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """The lesson with each `old` text (it must be there) replaced by `new`, as a file."""
    text = LESSON
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = folder / "07-tiny.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def line_of(file: Path, part: str) -> int:
    """The number of the first line that has `part`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)
