"""Defects of the document as a whole: number, date, title, task table."""

from collections.abc import Iterator

from pipeline.check.rule import Case, Hit, Rule
from pipeline.plan import Severity


def number_missing(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    if not header.number:
        yield Hit(header.number_text or "")


def date_missing(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    if header.issued_date is None and header.issued_date_precision == "none":
        yield Hit(header.place_date_text or "")


def unplaced_corrections(case: Case) -> Iterator[Hit]:
    for applied in case.plan.corrections:
        if applied.task is None:
            made = applied.correction
            yield Hit(made.content, keys=(str(made.number),), values={"by": made.by})


def date_incomplete(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    if header.issued_date is None and header.issued_date_precision in ("month", "year"):
        yield Hit(header.place_date_text or header.issued_date_text or "")


def title_missing(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    if not (header.title or "").strip():
        yield Hit(header.title_line or "")


def no_task_table(case: Case) -> Iterator[Hit]:
    if not case.plan.has_task_table:
        yield Hit("", values={"count": str(len(case.plan.tasks))})


def no_tasks(case: Case) -> Iterator[Hit]:
    if not case.plan.tasks:
        yield Hit(case.plan.header.title or "")


# A sheet or a web page is often the plan without its paper; whatever is printed as a paper ends with a signature.
_NO_PAPERS = frozenset({"xlsx", "xls", "ods", "spreadsheetml", "html"})


def closing_missing(case: Case) -> Iterator[Hit]:
    """A paper that begins with a whole letterhead and ends without recipients and signature has lost its end."""
    header = case.plan.header
    begins = header.doc_type and header.issuer and header.title and header.number_text
    ends = header.recipients or header.signer_title or header.signer_name
    if begins and not ends and case.plan.extractor not in _NO_PAPERS:
        yield Hit("")


RULES = (
    Rule(
        "document.number_missing",
        Severity.WARNING,
        title="Văn bản chưa có số",
        message="Văn bản chưa ghi số, chỉ có ký hiệu hoặc để trống; cần kiểm tra bản đã phát hành.",
        explanation="Ô số của văn bản để trống hoặc không có dòng số. Bản dự thảo và bản chưa đóng dấu thường như "
        "vậy; không có số thì không trích dẫn và không đối chiếu được với bản khác.",
        example="Số:      /KH-SYT",
        near_miss="Số: 05/KH-SYT",
        find=number_missing,
    ),
    Rule(
        "document.date_missing",
        Severity.WARNING,
        title="Văn bản không có ngày ban hành",
        message="Văn bản không ghi ngày, tháng, năm ban hành, nên thời hạn chỉ so được với kỳ kế hoạch.",
        explanation="Không đọc được ngày, tháng hay năm nào ở dòng địa danh và ngày ban hành.",
        example="Hà Nội, ngày      tháng      năm",
        near_miss="Hà Nội, ngày 05 tháng 02 năm 2024",
        find=date_missing,
    ),
    Rule(
        "document.date_incomplete",
        Severity.WARNING,
        title="Ngày ban hành chưa đủ",
        message="Ngày ban hành ghi chưa đủ ngày, tháng, năm: “{evidence}”.",
        explanation="Dòng ngày ban hành chỉ có tháng và năm, hoặc chỉ có năm. Mọi so sánh dùng khoảng ngày mà "
        "cách ghi đó cho phép.",
        example="Lạc Thủy, ngày      tháng 01 năm 2020",
        near_miss="Lạc Thủy, ngày 15 tháng 01 năm 2020",
        find=date_incomplete,
    ),
    Rule(
        "document.title_missing",
        Severity.WARNING,
        title="Văn bản không có trích yếu",
        message="Không tìm thấy trích yếu (tên) của văn bản.",
        explanation="Dưới tên loại văn bản không có dòng nào nêu nội dung chính.",
        example="KẾ HOẠCH (dòng tiếp theo là “Căn cứ ...”)",
        near_miss="KẾ HOẠCH / Công tác văn thư, lưu trữ năm 2024",
        find=title_missing,
    ),
    Rule(
        "document.closing_missing",
        Severity.WARNING,
        title="Văn bản không có phần kết",
        message="Văn bản có đủ phần đầu nhưng không có nơi nhận và chữ ký; có thể thiếu trang cuối.",
        explanation="Phần đầu có cơ quan ban hành, số, tên loại và trích yếu, nhưng đến hết tệp không gặp “Nơi nhận”, "
        "chức vụ hay tên người ký. Phụ lục tách riêng, bảng tính và trang web không bị xét.",
        example="Tệp PDF thiếu trang cuối: hết ở giữa phần “Tổ chức thực hiện”",
        near_miss="Phụ lục phân công nhiệm vụ gửi riêng, không có phần đầu văn bản",
        find=closing_missing,
    ),
    Rule(
        "document.no_task_table",
        Severity.INFO,
        title="Không có bảng phân công nhiệm vụ",
        message="Văn bản không có bảng nhiệm vụ; {count} nhiệm vụ được đọc từ phần lời văn.",
        explanation="Không bảng nào của văn bản là bảng phân công (nội dung, đơn vị, thời hạn), nên nhiệm vụ chỉ có "
        "thể lấy từ câu chữ và cần được xem lại.",
        example="Kế hoạch chỉ có phần “Tổ chức thực hiện” bằng lời",
        near_miss="Kế hoạch có phụ lục phân công nhiệm vụ",
        find=no_task_table,
    ),
    Rule(
        "correction.unplaced",
        Severity.WARNING,
        title="Không tìm lại được dòng đã sửa",
        message="Chỗ sửa của {by} (“{evidence}”) không áp dụng được vì không còn tìm thấy dòng đó.",
        explanation="Một người đã sửa dòng này ở lần đọc trước. Lần đọc mới cho ra dòng khác hẳn nên máy không áp dụng "
        "mà báo lại; chỗ sửa vẫn còn trong bảng corrections.",
        example="Phiên bản mới đọc lại bảng và nội dung dòng 3 thay đổi quá nửa",
        near_miss="Dòng đã sửa vẫn còn, chỉ đổi số thứ tự",
        find=unplaced_corrections,
    ),
    Rule(
        "document.no_tasks",
        Severity.WARNING,
        title="Không đọc được nhiệm vụ nào",
        message="Không đọc được nhiệm vụ nào từ văn bản này; cần mở bản gốc để xem văn bản có giao nhiệm vụ không.",
        explanation="Cả bảng lẫn lời văn đều không cho ra nhiệm vụ. Có thể văn bản không giao việc (công văn, "
        "tờ trình, bìa), cũng có thể tệp hỏng, thiếu trang hoặc trình bày khác lạ; máy không phân biệt được nên "
        "luôn báo.",
        example="Tệp chỉ còn trang bìa và phần căn cứ của kế hoạch",
        near_miss="Kế hoạch không có bảng nhưng phần “Tổ chức thực hiện” giao việc cho từng đơn vị",
        find=no_tasks,
    ),
    Rule(
        "document.duplicate",
        Severity.INFO,
        title="Có tệp khác của cùng văn bản",
        message="Tệp “{evidence}” có cùng cơ quan, số, ký hiệu và năm với văn bản này.",
        explanation="Hai tệp có cùng khóa văn bản (cơ quan ban hành, số, ký hiệu, năm): bản Word và bản PDF, bản dự "
        "thảo và bản ký. Kho dữ liệu ghi phát hiện này, vì chỉ kho thấy mọi văn bản.",
        example="ke-hoach.docx và ke-hoach-ky.pdf cùng là 38/KH-UBND năm 2024 của một huyện",
        near_miss="38/KH-UBND năm 2024 của hai huyện khác nhau",
    ),
)
