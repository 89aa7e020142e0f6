"""The front of a folder whose modules are loaded when one of their names is first asked for."""

from collections.abc import Callable, Collection, Iterable
from importlib import import_module
from typing import Any


def load_later(package: str, names: Collection[str], modules: Iterable[str]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a package that offers `names` of its `modules`, the quickest to load first."""
    in_order = tuple(modules)

    def load(name: str) -> Any:
        for module in in_order if name in names else ():
            loaded = import_module(f".{module}", package)
            if hasattr(loaded, name):
                return getattr(loaded, name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load
