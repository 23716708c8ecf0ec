"""The tables and views as pandas or Arrow: what `pipeline.load` gives."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from pipeline.query.lake import Connection, LakeError, ask, open_lake
from pipeline.query.views import views
from pipeline.store.schema import BY_NAME

if TYPE_CHECKING:
    import pandas as pd


class Plans:
    """The tables of a folder such as data/parsed, read when they are asked for.

    Every table and view is an attribute: `plans.tasks`, `plans.documents`, `plans.v_overdue` are pandas frames;
    `plans.arrow("tasks")` is the same as an Arrow table, `plans.sql("select ...")` answers a question. A table is read
    anew each time, so what a later run stored is seen. Nothing is ever written.

    In frames days are datetime64, whole numbers Int32 or Int64, text is str, truth values are boolean (all may be
    missing), and lists are Python lists.
    """

    def __init__(self, data: Path, *, as_of: date | None = None, soon_days: int | None = None) -> None:
        self._data = data
        self._asked = (as_of, soon_days)
        self._opened: Connection | None = None
        self._stand: list[int] = []
        if not (data / "documents").is_dir():
            raise LakeError(
                f"Không có bảng dữ liệu trong {data}; hãy chạy kehoach ingest trước."
                f" / No tables in {data}; run kehoach ingest first."
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The tables, then the ready views."""
        return (*BY_NAME, *(view.name for view in views()))

    def arrow(self, name: str) -> pa.Table:
        """A table or view as Arrow; a table has exactly the declared schema, with the meaning of each column.

        Raises:
            AttributeError: there is no such table or view.
        """
        if name not in self.names:
            raise AttributeError(f"no table or view {name!r}; there are {', '.join(self.names)}")
        answer = self._arrow(f'select * from "{name}"')
        return answer.cast(BY_NAME[name].arrow) if name in BY_NAME else answer

    def frame(self, name: str) -> "pd.DataFrame":
        """A table or view as pandas.

        Raises:
            AttributeError: there is no such table or view.
        """
        return as_frame(self.arrow(name))

    def sql(self, query: str, *parameters: object) -> "pd.DataFrame":
        """The answer to a question as pandas; each "?" in it stands for one parameter.

        Raises:
            QueryError: DuckDB does not understand it, or it would do more than read.
        """
        return as_frame(self._arrow(query, *parameters))

    def find(self, words: str) -> "pd.DataFrame":
        """The tasks that hold the words, typed with accents or without."""
        return self.sql("select * from find_tasks(?)", words)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __getattr__(self, name: str) -> "pd.DataFrame":
        if name.startswith("_"):
            raise AttributeError(name)
        return self.frame(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.names]

    def __repr__(self) -> str:
        return f"Plans({str(self._data)!r}): {', '.join(self.names)}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _arrow(self, query: str, *parameters: object) -> pa.Table:
        stand = [path.stat().st_mtime_ns for path in sorted(self._data.glob("*/*.parquet"))]
        if self._opened is None or stand != self._stand:  # the due days of rules that have come since are needed too
            self.close()
            as_of, soon_days = self._asked
            self._opened, self._stand = open_lake(self._data, as_of=as_of, soon_days=soon_days), stand
        return ask(self._opened, query, parameters).table()


def as_frame(table: pa.Table) -> "pd.DataFrame":
    """An Arrow table as pandas with types that keep what is missing apart from what is not."""
    import pandas as pd

    wanted = {
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.string(): pd.StringDtype(),
        pa.large_string(): pd.StringDtype(),
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=wanted.get, date_as_object=False)
    for field in table.schema:
        if pa.types.is_nested(field.type):
            frame[field.name] = pd.Series(_python(table.column(field.name)), index=frame.index, dtype=object)
    return frame


def _python(column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = column.to_pylist()
    return values
