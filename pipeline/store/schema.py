"""The tables of data/parsed: the only place of their names, types and meanings.

Every column is declared once with its Arrow type and what it says, in English and Vietnamese. From here come the
Arrow schemas (each field carries both descriptions in its metadata), the empty tables of a new store and the
pages of the data dictionary. The least columns are those of the data contract; ours beyond it are marked `extra`.
"""

import json
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

SCHEMA_VERSION = 1

STR = pa.string()
INT = pa.int32()
DATE = pa.date32()
FLAG = pa.bool_()
WORDS = pa.list_(pa.string())
MOMENT = pa.timestamp("us", tz="UTC")
BOX = pa.struct([(edge, pa.float32()) for edge in ("x0", "top", "x1", "bottom")])
EXTRA_CELLS = pa.list_(pa.struct([("heading", pa.string()), ("text", pa.string())]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `optional` columns may be null, all others never are."""

    name: str
    type: pa.DataType
    english: str
    vietnamese: str
    optional: bool = False
    extra: bool = False


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns, and the columns that order its rows.

    `of_document` is true where rows belong to a document and are replaced together with it.
    """

    name: str
    english: str
    vietnamese: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    of_document: bool = True

    @property
    def arrow(self) -> pa.Schema:
        return _arrow_schema(self.name)


@cache
def _arrow_schema(name: str) -> pa.Schema:
    table = BY_NAME[name]
    return pa.schema(
        [
            pa.field(c.name, c.type, nullable=c.optional, metadata={"en": c.english, "vi": c.vietnamese})
            for c in table.columns
        ],
        metadata={"table": table.name, "schema_version": str(SCHEMA_VERSION), "meaning": _meaning(table)},
    )


def _meaning(table: TableSchema) -> str:
    """The table and its columns in words, as JSON: readers that see no field metadata (DuckDB) find it in the file."""
    columns = {column.name: {"en": column.english, "vi": column.vietnamese} for column in table.columns}
    return json.dumps({"en": table.english, "vi": table.vietnamese, "columns": columns}, ensure_ascii=False)


_DOCUMENT_ID = Column("document_id", STR, "Document the row belongs to", "Văn bản chứa dòng này")
_TASK_ID = Column("task_id", STR, "Task the row belongs to", "Nhiệm vụ chứa dòng này")
_POSITION = Column("position", INT, "Order on paper, from 1", "Thứ tự trên văn bản, từ 1")
_PAGE = Column("page", INT, "Page, from 1; empty where the format has none", "Trang, từ 1", optional=True)
# Beside task_units, so that the most frequent questions need no join by task.
_LEAD_UNITS = Column(
    "lead_units",
    WORDS,
    "Lead units of the task, each once: canonical names, else as written",
    "Các đơn vị chủ trì của nhiệm vụ, mỗi đơn vị một lần: tên chuẩn, nếu không có thì như đã viết",
    extra=True,
)

DOCUMENTS = TableSchema(
    "documents",
    "One row for each file that was read",
    "Mỗi tệp đã đọc được là một dòng",
    (
        Column("document_id", STR, "Identity, from the content's SHA-256", "Mã văn bản, tính từ nội dung tệp"),
        Column("sha256", STR, "SHA-256 of the file's bytes", "Mã SHA-256 của tệp"),
        Column("source_uri", STR, "Where the file came from", "Nơi lấy tệp"),
        Column("media_type", STR, "Media type, found from the content", "Kiểu tệp, nhận theo nội dung"),
        Column("page_count", INT, "Pages; empty where the format has none", "Số trang", optional=True),
        Column("extractor", STR, "Route by which the text was read", "Cách đọc chữ trong tệp"),
        Column("pipeline_version", STR, "Code and vocabulary that read it", "Phiên bản chương trình đã đọc"),
        Column("ingested_at", MOMENT, "When this content was first taken in", "Thời điểm tiếp nhận lần đầu"),
        Column(
            "doc_type",
            STR,
            "Type as printed: KẾ HOẠCH; CÔNG VĂN for an official letter, which prints none and has no code",
            "Tên loại văn bản: KẾ HOẠCH; công văn không in tên loại thì ghi CÔNG VĂN",
            optional=True,
        ),
        Column("doc_type_code", STR, "Code of the type: KH", "Chữ viết tắt loại văn bản: KH", optional=True),
        Column("number", STR, "Number; empty where left blank", "Số; trống nếu văn bản để trống", optional=True),
        Column("symbol", STR, "Symbol: KH-SYT", "Ký hiệu: KH-SYT", optional=True),
        Column(
            "document_key",
            STR,
            "Issuer, number, symbol and year: equal for two files of one document",
            "Cơ quan, số, ký hiệu và năm: giống nhau giữa hai tệp của cùng một văn bản",
            optional=True,
        ),
        Column("issuer", STR, "Issuing body, full name", "Cơ quan ban hành, tên đầy đủ", optional=True),
        Column("place", STR, "Place of issue", "Địa danh ghi trên văn bản", optional=True),
        Column("issued_date", DATE, "Date of issue, when whole", "Ngày ban hành, nếu ghi đủ", optional=True),
        Column("issued_date_text", STR, "Date of issue as written", "Ngày ban hành như đã viết", optional=True),
        Column("issued_date_precision", STR, "day, month, year or none", "Mức đầy đủ: day, month, year, none"),
        Column("issued_start", DATE, "Earliest possible day of issue", "Ngày ban hành sớm nhất có thể", optional=True),
        Column("issued_end", DATE, "Latest possible day of issue", "Ngày ban hành muộn nhất có thể", optional=True),
        Column("title", STR, "Title on one line", "Trích yếu nội dung", optional=True),
        Column("period_start", DATE, "First day the plan covers", "Ngày đầu của kỳ kế hoạch", optional=True),
        Column("period_end", DATE, "Last day the plan covers", "Ngày cuối của kỳ kế hoạch", optional=True),
        Column("signer_title", STR, "Authority and title of the signer", "Quyền hạn, chức vụ người ký", optional=True),
        Column("signer_name", STR, "Name of the signer", "Họ tên người ký", optional=True),
        Column("recipients", WORDS, "Recipients, one entry a line", "Nơi nhận, mỗi dòng một mục"),
        Column("copies", WORDS, "Other places of the same content", "Nơi khác có tệp cùng nội dung", extra=True),
        Column("has_task_table", FLAG, "The document has a task table", "Văn bản có bảng nhiệm vụ", extra=True),
        Column("task_count", INT, "Its rows in tasks", "Số nhiệm vụ trong bảng tasks", extra=True),
        Column(
            "as_of",
            DATE,
            "Day by which overdue was judged; empty: not judged",
            "Ngày dùng để xét quá hạn; trống: không xét",
            optional=True,
            extra=True,
        ),
        Column(
            "superseded_by",
            STR,
            "document_id of the version that took its place; empty: current",
            "document_id của bản thay thế; trống: còn hiệu lực trong kho",
            optional=True,
            extra=True,
        ),
        Column(
            "source_removed_at",
            MOMENT,
            "When its file was found gone or holding other content; empty: it is there",
            "Thời điểm thấy tệp nguồn không còn hoặc đã đổi nội dung; trống: tệp vẫn còn",
            optional=True,
            extra=True,
        ),
    ),
    order=("document_id",),
)

TASKS = TableSchema(
    "tasks",
    "One row for each assigned task",
    "Mỗi nhiệm vụ được giao là một dòng",
    (
        Column("task_id", STR, "Identity: document and sequence", "Mã nhiệm vụ: văn bản và thứ tự"),
        _DOCUMENT_ID,
        Column("sequence", INT, "Order in the document, from 1", "Thứ tự trong văn bản, từ 1"),
        Column("source", STR, "table or narrative", "Từ bảng (table) hay lời văn (narrative)"),
        Column("ordinal", STR, 'Its printed number, "" if none', "Số thứ tự in trên văn bản"),
        Column("section_path", WORDS, "Headings above it", "Các đề mục phía trên"),
        Column("objective", STR, "Objective that it serves", "Mục tiêu", optional=True),
        Column("parent", STR, "Task that it is a part of", "Nhiệm vụ cha", optional=True),
        Column("content", STR, "What is to be done", "Nội dung công việc"),
        Column("output", STR, "Result or product, else target", "Kết quả, sản phẩm hoặc chỉ tiêu", optional=True),
        Column("lead_text", STR, "Lead cell as written", "Ô chủ trì như đã viết", optional=True),
        Column("partner_text", STR, "Partner cell as written", "Ô phối hợp như đã viết", optional=True),
        Column("leads", WORDS, "Lead units", "Các đơn vị chủ trì"),
        Column("partners", WORDS, "Partner units", "Các đơn vị phối hợp"),
        Column(
            "roles_inferred",
            FLAG,
            "Roles told from order or running text, not from columns or labels",
            "Vai trò suy ra từ thứ tự hoặc lời văn, không từ cột hay nhãn",
        ),
        Column("deadline_text", STR, "Deadline as written", "Thời hạn như đã viết", optional=True),
        Column("due_date", DATE, "Latest end of its non-recurring deadlines", "Hạn cuối cùng", optional=True),
        Column("note", STR, "Note as written", "Ghi chú", optional=True),
        _PAGE,
        Column("table_index", INT, "Table of the document, from 0", "Bảng thứ mấy, từ 0", optional=True),
        Column("row_index", INT, "Row of that table, from 0", "Hàng thứ mấy trong bảng, từ 0", optional=True),
        Column("bbox", BOX, "Box on the page in PDF points", "Khung trên trang, điểm PDF", optional=True),
        Column("confidence", pa.float32(), "1.0 for text, the OCR's own below", "Độ tin cậy khi đọc chữ"),
        Column("extra", EXTRA_CELLS, "Cells of columns beyond these", "Các ô thuộc cột khác", extra=True),
        Column("corrected", WORDS, "Fields that a person corrected", "Các ô đã được người sửa", extra=True),
        _LEAD_UNITS,
        Column(
            "lead_unit_ids",
            WORDS,
            "unit_id of each of lead_units; null where the name is not in the vocabulary",
            "Mã của từng đơn vị trong lead_units; trống nếu tên không có trong danh mục",
            extra=True,
        ),
        Column(
            "search",
            STR,
            "Content, output, parent, objective and note in lower case without accents, a line each",
            "Nội dung, kết quả, nhiệm vụ cha, mục tiêu và ghi chú viết thường không dấu, dùng để tìm kiếm",
            extra=True,
        ),
    ),
    order=("document_id", "sequence"),
)

TASK_UNITS = TableSchema(
    "task_units",
    "One row for each unit in a role of a task",
    "Mỗi đơn vị trong một vai trò của nhiệm vụ là một dòng",
    (
        _TASK_ID,
        _DOCUMENT_ID,
        Column("role", STR, "lead or partner", "Chủ trì (lead) hay phối hợp (partner)"),
        _POSITION,
        Column("name", STR, "Name as written", "Tên như đã viết"),
        Column("unit_id", STR, "Identity in the vocabulary", "Mã đơn vị trong danh mục", optional=True),
        Column("unit_name", STR, "Canonical name", "Tên chuẩn", optional=True),
        Column("unit_kind", STR, "Kind of unit", "Loại đơn vị", optional=True),
        Column(
            "unit_parent", STR, "unit_id of the office it is part of", "Mã cơ quan cấp trên trực tiếp", optional=True
        ),
    ),
    order=("document_id", "task_id", "role", "position"),
)

DEADLINES = TableSchema(
    "deadlines",
    "One row for each deadline; a task may have several",
    "Mỗi thời hạn là một dòng; một nhiệm vụ có thể có nhiều thời hạn",
    (
        _TASK_ID,
        _DOCUMENT_ID,
        _POSITION,
        Column("text", STR, "Words on paper", "Lời văn trên văn bản"),
        Column("source", STR, "deadline, note or content", "Nằm ở ô thời hạn, ghi chú hay nội dung"),
        Column(
            "kind",
            STR,
            "date, month, quarter, half_year, year, range, recurring, ongoing, relative, conditional, "
            "invalid, unparsed",
            "Loại thời hạn: ngày, tháng, quý, nửa năm, năm, khoảng, định kỳ, thường xuyên, tương đối, "
            "có điều kiện, không hợp lệ, không đọc được",
        ),
        Column("bound", STR, "before, by, from or in", "Trước, đến hết, từ hay trong"),
        Column("start_date", DATE, "First day", "Ngày đầu", optional=True),
        Column("end_date", DATE, "Last day", "Ngày cuối", optional=True),
        Column("rrule", STR, "Recurrence, RFC 5545", "Quy tắc lặp lại theo RFC 5545", optional=True),
        Column("year_inferred", FLAG, "The year was taken from the plan", "Năm lấy từ kỳ kế hoạch"),
        _LEAD_UNITS,
    ),
    order=("document_id", "task_id", "position"),
)

CITATIONS = TableSchema(
    "citations",
    "One row for each cited document with a number, repeats included",
    "Mỗi lần viện dẫn một văn bản có số là một dòng",
    (
        _DOCUMENT_ID,
        _POSITION,
        Column("text", STR, "Words on paper", "Lời văn trên văn bản"),
        Column("doc_type", STR, "Type of the cited document", "Tên loại văn bản được viện dẫn", optional=True),
        Column("number", STR, "Its number: 76, 16/2015", "Số: 76, 16/2015", optional=True),
        Column("symbol", STR, "Its symbol: NQ-CP, CT/TU", "Ký hiệu: NQ-CP, CT/TU", optional=True),
        Column("date", DATE, "Its date", "Ngày ban hành của văn bản đó", optional=True),
        Column("issuer", STR, "Its issuer as written", "Cơ quan ban hành của văn bản đó", optional=True),
        _PAGE,
    ),
    order=("document_id", "position"),
)

FINDINGS = TableSchema(
    "findings",
    "What is wrong or doubtful",
    "Những điểm sai hoặc đáng ngờ",
    (
        Column("finding_id", STR, "Same defect, same id in every run", "Mã phát hiện, không đổi giữa các lần chạy"),
        _DOCUMENT_ID,
        Column("task_id", STR, "Task it concerns", "Nhiệm vụ liên quan", optional=True),
        Column("rule", STR, "Code of the rule", "Mã quy tắc"),
        Column("severity", STR, "error, warning or info", "Mức độ: lỗi, cảnh báo, thông tin"),
        Column("message", STR, "One sentence for an officer", "Một câu giải thích cho cán bộ"),
        Column("evidence", STR, "The words on paper", "Lời văn làm căn cứ"),
        _PAGE,
        Column("as_of", DATE, "Day it was judged by", "Ngày dùng để xét", optional=True),
    ),
    order=("document_id", "task_id", "rule", "finding_id"),
)

REJECTED_TABLES = TableSchema(
    "rejected_tables",
    "Tables that were taken to hold no tasks, with the reason, so that it can be overruled",
    "Bảng được coi là không chứa nhiệm vụ, kèm lý do, để người dùng xem lại",
    (
        _DOCUMENT_ID,
        Column("table_index", INT, "Table of the document, from 0", "Bảng thứ mấy, từ 0"),
        Column("reason", STR, "Why it holds no tasks", "Lý do"),
        _PAGE,
        Column("bbox", BOX, "Box on the page in PDF points", "Khung trên trang", optional=True),
    ),
    order=("document_id", "table_index"),
)

NOTICES = TableSchema(
    "notices",
    "What was seen while the file was read: rows stitched, hidden text, pages without text",
    "Những gì ghi nhận khi đọc tệp: dòng bị ngắt trang, chữ ẩn, trang không có chữ",
    (
        _DOCUMENT_ID,
        _POSITION,
        Column("code", STR, "Code of the notice", "Mã ghi nhận"),
        Column("message", STR, "What was seen", "Nội dung ghi nhận"),
        Column("evidence", STR, "The words on paper", "Lời văn làm căn cứ"),
        _PAGE,
        Column("table_index", INT, "Table of the document", "Bảng thứ mấy", optional=True),
        Column("row_index", INT, "Row of that table", "Hàng thứ mấy trong bảng", optional=True),
    ),
    order=("document_id", "position"),
)

CORRECTIONS = TableSchema(
    "corrections",
    "What people corrected, in the order in which they did; the tasks table has the result",
    "Những chỗ đã được người sửa, theo thứ tự; bảng tasks chứa kết quả",
    (
        _DOCUMENT_ID,
        Column("number", INT, "Number in the record of corrections", "Số trong sổ sửa đổi"),
        Column("task_id", STR, "Task it changed; empty: none, or not found again", "Nhiệm vụ đã sửa", optional=True),
        Column("placed", FLAG, "Its row was found in this reading", "Đã tìm thấy dòng để áp dụng"),
        Column("made_at", MOMENT, "When", "Thời điểm sửa"),
        Column("made_by", STR, "Who", "Người sửa"),
        Column("action", STR, "set, split, join or drop", "Sửa ô (set), tách (split), gộp (join), bỏ dòng (drop)"),
        Column("field", STR, "Field that was set", "Ô đã sửa"),
        Column("old", STR, "Value before", "Giá trị trước"),
        Column("new", STR, "Value after", "Giá trị sau"),
        Column("why", STR, "Reason given", "Lý do"),
    ),
    order=("document_id", "number"),
)

FAILURES = TableSchema(
    "failures",
    "Files that gave no plan",
    "Những tệp không đọc được",
    (
        Column("source_uri", STR, "Where the file came from", "Nơi lấy tệp"),
        Column("sha256", STR, 'SHA-256 of its bytes, "" if unreadable', "Mã SHA-256 của tệp, trống nếu không mở được"),
        Column("reason", STR, "Code of the reason", "Mã lý do"),
        Column("message", STR, "The reason in a sentence", "Lý do"),
        Column("failed_at", MOMENT, "When it was first seen to fail so", "Thời điểm lỗi xảy ra lần đầu"),
        Column("pipeline_version", STR, "Code that tried it", "Phiên bản chương trình đã thử đọc", extra=True),
    ),
    order=("source_uri", "sha256"),
    of_document=False,
)

# In the order in which a commit makes them visible: documents after everything that belongs to a document.
TABLES: tuple[TableSchema, ...] = (
    TASKS,
    TASK_UNITS,
    DEADLINES,
    CITATIONS,
    FINDINGS,
    REJECTED_TABLES,
    NOTICES,
    CORRECTIONS,
    DOCUMENTS,
    FAILURES,
)
BY_NAME = {table.name: table for table in TABLES}
CHILDREN = tuple(table for table in TABLES if table.of_document and table is not DOCUMENTS)
