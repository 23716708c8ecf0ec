"""Automatic list numbers are those that Word prints, though the file does not hold them."""

import docx_samples as word
import pytest
from docx_samples import abstract, item, level, num, numbered, p, style, tbl, tc, tr

from extractors.docx_numbering import spell


@pytest.mark.parametrize(
    ("form", "spelled"),
    [
        ("decimal", "1 2 9 10 27 53"),
        ("decimalZero", "01 02 09 10 27 53"),
        ("lowerLetter", "a b i j aa aaa"),
        ("upperLetter", "A B I J AA AAA"),
        ("lowerRoman", "i ii ix x xxvii liii"),
        ("upperRoman", "I II IX X XXVII LIII"),
        ("ideographDigital", "1 2 9 10 27 53"),
    ],
)
def test_number_formats(form: str, spelled: str) -> None:
    assert " ".join(spell(count, form) for count in (1, 2, 9, 10, 27, 53)) == spelled


def test_custom_formats() -> None:
    assert [spell(count, "custom", "001, 002, 003, ...") for count in (1, 12, 1000)] == ["001", "012", "1000"]
    assert [spell(count, "custom", "a, b, c, d, đ, e, ...") for count in (4, 5, 7, 24)] == ["d", "đ", "g", "aa"]
    assert [spell(count, "custom", "A, B, C, ...") for count in (4, 6)] == ["D", "F"]


def test_absurd_counts_stay_short() -> None:
    assert len(spell(2_000_000_000, "lowerLetter")) < 100
    assert len(spell(2_000_000_000, "upperRoman")) < 100
    assert spell(0, "lowerLetter") == "0"


OUTLINE = abstract(
    1,
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%2."),
    level(2, "decimal", "%2.%3."),
    level(3, "lowerLetter", "%4)"),
    level(4, "bullet", "\uf0b7"),
)


def printed(body: str, *definitions: str, styles: str = "") -> list[str]:
    return word.texts(word.read(body, numbering="".join(definitions), styles=styles))


def test_levels_count_below_each_other_and_start_again() -> None:
    levels = (0, 1, 2, 2, 3, 3, 1, 2, 3, 4, 0, 1, 2)
    lines = printed("".join(item("x", 1, at) for at in levels), OUTLINE, num(1, 1))
    assert [line.removesuffix(" x") for line in lines] == [
        *("I.", "1.", "1.1.", "1.2.", "a)", "b)", "2.", "2.1.", "a)", "-", "II.", "1.", "1.1."),
    ]


def test_two_lists_over_one_definition_continue_each_other() -> None:
    body = item("a", 1) + item("b", 2) + item("c", 1)
    assert printed(body, abstract(1, level(0, "decimal", "%1.")), num(1, 1), num(2, 1)) == ["1. a", "2. b", "3. c"]


def test_a_list_restarts_once_where_its_num_says_so() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
    body = item("a", 1) + item("b", 1) + item("c", 2) + item("d", 2) + item("e", 3)
    definitions = (abstract(1, level(0, "lowerLetter", "%1)")), num(1, 1), num(2, 1, restart.format(1)))
    assert printed(body, *definitions, num(3, 1, restart.format(6))) == ["a) a", "b) b", "a) c", "b) d", "f) e"]


def test_vietnamese_letters_typed_as_a_level_of_its_own() -> None:
    """Word has no đ in its letters: clerks restart the list behind a level that only says "đ)"."""
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = "".join(item("x", 1) for _ in range(4)) + item("x", 2) + item("x", 3)
    definitions = (
        abstract(1, level(0, "lowerLetter", "%1)")),
        abstract(2, level(0, "none", "đ)")),
        num(1, 1) + num(2, 2) + num(3, 1, restart),
    )
    assert [line[:2] for line in printed(body, *definitions)] == ["a)", "b)", "c)", "d)", "đ)", "e)"]


def test_an_override_may_redefine_a_level() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "Bước %1:")}</w:lvlOverride>'
    assert printed(item("x", 1), OUTLINE, num(1, 1, other)) == ["Bước 1: x"]


def test_restart_rules_of_a_level() -> None:
    never = abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>'))
    body = "".join(item("x", 1, at) for at in (0, 1, 1, 0, 1))
    assert [line[:-2] for line in printed(body, never, num(1, 1))] == ["1.", "(1)", "(2)", "2.", "(3)"]
    letters = level(2, "lowerLetter", "%3)", '<w:lvlRestart w:val="1"/>')
    after_first = abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), letters)
    body = "".join(item("x", 1, at) for at in (0, 1, 2, 1, 2, 0, 2))
    assert [line[:-2] for line in printed(body, after_first, num(1, 1))] == ["1.", "1.1", "a)", "1.2", "b)", "2.", "a)"]


def test_a_level_without_its_upper_levels_shows_their_start() -> None:
    assert printed(item("x", 1, 2), OUTLINE, num(1, 1)) == ["1.1. x"]


def test_legal_numbers_are_digits() -> None:
    legal = abstract(1, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert printed(item("x", 1) + item("x", 1, 1), legal, num(1, 1)) == ["I. x", "1.1 x"]


def test_numbers_from_styles() -> None:
    tied = (
        '<w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:pStyle w:val="Muc"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:pStyle w:val="Khoan"/><w:lvlText w:val="%2."/></w:lvl>'
        "</w:abstractNum>"
    )
    styles = (
        style("Muc", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
        + style("Khoan", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
        + style("Con", '<w:basedOn w:val="Muc"/>')
    )
    names = ("Muc", "Khoan", "Khoan", "Con")
    body = "".join(p("x", f'<w:pStyle w:val="{name}"/>') for name in names)
    body += p("x", f'<w:pStyle w:val="Muc"/>{numbered(0)}')
    assert printed(body, tied, num(1, 1), styles=styles) == ["I. x", "1. x", "2. x", "II. x", "x"]


def test_list_styles_lead_to_their_definition() -> None:
    link = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="DanhSach"/></w:abstractNum>'
    styles = style("DanhSach", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', "numbering")
    definitions = (abstract(1, level(0, "decimal", "%1/")), link, num(1, 1), num(2, 2))
    assert printed(item("x", 2), *definitions, styles=styles) == ["1/ x"]


@pytest.mark.parametrize(
    ("glyph", "bullet"), [("-", "-"), ("+", "+"), ("•", "•"), ("\uf0b7", "-"), ("\uf0d8", "-"), ("o", "-"), ("➢", "-")]
)
def test_bullets(glyph: str, bullet: str) -> None:
    assert printed(item("x", 1), abstract(1, level(0, "bullet", glyph)), num(1, 1)) == [f"{bullet} x"]


def test_lists_that_print_nothing() -> None:
    hidden = '<w:lvl w:ilvl="0"><w:lvlText w:val="%1."/><w:rPr><w:vanish/></w:rPr></w:lvl>'
    definitions = (abstract(1, level(0, "none", "")), abstract(2, hidden), num(1, 1), num(2, 2), num(3, 99))
    assert printed("".join(item("x", key) for key in (0, 1, 2, 3, 4)), *definitions) == ["x"] * 5


def test_a_custom_format_stands_beside_a_plain_one_for_old_words() -> None:
    choice = '<mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, ..."/></mc:Choice>'
    both = f'<mc:AlternateContent>{choice}<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    padded = f'<w:lvl w:ilvl="0">{both}<w:lvlText w:val="%1"/></w:lvl>'
    assert printed(item("x", 1), abstract(1, padded), num(1, 1)) == ["001 x"]


def test_numbered_cells_without_text_hold_their_number() -> None:
    """The TT column of many plans is an automatic list in empty paragraphs."""
    rows = "".join(tr(tc(item("", 1)), name) for name in ("Rà soát", "Báo cáo"))
    document = word.read(tbl(rows), numbering=abstract(1, level(0, "decimal", "%1")) + num(1, 1))
    assert word.rows(document) == [["1", "Rà soát"], ["2", "Báo cáo"]]


def test_an_empty_bullet_prints_nothing_to_read() -> None:
    definitions = abstract(1, level(0, "bullet", "-")) + num(1, 1)
    assert word.texts(word.read(item("", 1) + p("x"), numbering=definitions)) == ["x"]


def test_a_deleted_paragraph_does_not_count() -> None:
    mark = f'{numbered(1)}<w:rPr><w:del w:id="1"/></w:rPr>'
    gone = p('<w:del w:id="2"><w:r><w:delText>bỏ</w:delText></w:r></w:del>', mark)
    definitions = (abstract(1, level(0, "decimal", "%1.")), num(1, 1))
    assert printed(item("a", 1) + gone + item("b", 1), *definitions) == ["1. a", "2. b"]
