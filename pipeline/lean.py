"""A program without pandas: pyarrow imports it with the first array it makes, which costs a start 0.2 s and 55 MB."""

import sys


class _WithoutPandas:
    @staticmethod
    def find_spec(fullname: str, *_: object) -> None:
        """Says that pandas is not installed, and nothing of other modules."""
        if fullname == "pandas":
            raise ModuleNotFoundError(f"{fullname} is left out of this program", name=fullname)


def leave_out_pandas() -> None:
    """For programs of ours that show or write tables themselves: the command and its workers."""
    sys.meta_path.insert(0, _WithoutPandas)
