"""Exports as files of a folder of their own, each made once, when it is first asked for."""

import shutil
import tempfile
import weakref
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from threading import Lock

from kizuna.exporting import CHECKSUM, Export, save


class Files:
    """The folder, which goes with this; of more than ``most`` files the oldest ones go."""

    def __init__(self, most: int | None = None) -> None:
        self._lock = Lock()
        self._most = most
        self._kept: OrderedDict[str, None] = OrderedDict()

    @cached_property
    def _folder(self) -> Path:
        folder = tempfile.mkdtemp(prefix="kizuna-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def made(self, export: Export) -> tuple[Path, str]:
        """The file, and its line of checksum."""
        with self._lock:
            file = self._folder / export.name
            if export.name not in self._kept:
                save(export, self._folder)
                self._kept[export.name] = None
                self._let_go()
            self._kept.move_to_end(export.name)
            return file, (self._folder / (export.name + CHECKSUM)).read_text(encoding="utf-8")

    def _let_go(self) -> None:
        while self._most is not None and len(self._kept) > self._most:
            name, _ = self._kept.popitem(last=False)
            for suffix in ("", CHECKSUM):
                (self._folder / (name + suffix)).unlink()
