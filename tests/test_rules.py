"""The frame of rules: examples hold, scanning loses nothing, the spaCy pipeline and the catalogue show it all."""

import re
import subprocess
import sys

import pytest

import pipeline
from pipeline.plan import Citation, Deadline, Unit, Where, YearContext
from pipeline.rules.catalogue import catalogue, catalogue_markdown
from pipeline.rules.deadline_dates import HEADED_RULES
from pipeline.rules.deadline_lines import brief
from pipeline.rules.deadline_words import prepare
from pipeline.rules.deadlines import PROSE_RULES, RULES, read_deadlines
from pipeline.rules.rule import Rule, RuleSet, scan

GOOD = [(rule, text, reading) for rule in RULES for text, reading in rule.examples.items() if reading is not None]
BAD = [(rule, text) for rule in RULES for text, reading in rule.examples.items() if reading is None]


@pytest.mark.parametrize(("rule", "text", "reading"), GOOD, ids=lambda v: getattr(v, "code", v))
def test_good_examples_are_read_as_they_say(rule: Rule[object], text: str, reading: str) -> None:
    assert brief(read_deadlines(text)) == reading


@pytest.mark.parametrize(("rule", "text"), BAD, ids=lambda v: getattr(v, "code", v))
def test_bad_examples_leave_their_rule_alone(rule: Rule[object], text: str) -> None:
    assert rule.code not in {found.rule.code for found in scan(RULES, prepare(text).words)}


def test_every_rule_has_good_and_bad_examples_a_meaning_and_its_own_code() -> None:
    for rule in (*RULES, *HEADED_RULES):
        readings = list(rule.examples.values())
        assert None in readings, rule.code
        assert any(reading is not None for reading in readings), rule.code
        assert rule.meaning, rule.code
    codes = [rule.code for rule in (*RULES, *HEADED_RULES)]
    assert len(codes) == len(set(codes))
    assert {rule.code for rule in PROSE_RULES} == {rule.code for rule in RULES}


def test_headed_examples_are_read_under_their_heading() -> None:
    september = YearContext(month=9, year=2024)
    assert brief(read_deadlines("15-20", september)) == "range in 2024-09-15..2024-09-20"
    assert brief(read_deadlines("Trong tháng", september)) == "month in 2024-09-01..2024-09-30"
    assert brief(read_deadlines("trong tháng 5", september)) == "month in 2024-05-01..2024-05-31"


def test_prefilter_words_stand_in_every_good_example_of_their_rule() -> None:
    for rule in (*RULES, *HEADED_RULES):
        for text, reading in rule.examples.items():
            if reading is not None and rule.compiled.search(prepare(text).words):
                assert RuleSet(rule).that_may_occur(prepare(text).words) == [0], (rule.code, text)


def test_prefilter_changes_speed_only() -> None:
    texts = [text for rule in RULES for text in rule.examples]
    for text in texts:
        words = prepare(text).words
        assert list(scan(RULES, words)) == list(scan(RULES, words, prefilter=False))


def test_scan_takes_the_leftmost_then_the_earlier_rule_and_seeks_again_behind_the_winner() -> None:
    def rule(code: str, pattern: str) -> Rule[str]:
        return Rule(code, pattern, lambda m: m[0], "thử")

    rules = RuleSet(rule("pair", "ab"), rule("other", "a"), rule("tail", "ba+"))
    assert [(f.rule.code, f.value) for f in scan(rules, "abaa baa")] == [
        ("pair", "ab"),
        ("other", "a"),
        ("other", "a"),
        ("tail", "baa"),
    ]


def test_scan_goes_on_where_a_rule_builds_nothing() -> None:
    even = Rule("even", r"\d+", lambda m: int(m[0]) if int(m[0]) % 2 == 0 else None, "số chẵn")
    assert [f.value for f in scan(RuleSet(even), "3 8 5 22")] == [8, 22]


def test_catalogue_shows_every_rule_with_real_forms() -> None:
    codes = {entry.code for entry in catalogue()}
    assert {rule.code for rule in (*RULES, *HEADED_RULES)} <= codes
    page = catalogue_markdown()
    for entry in catalogue():
        assert f"`{entry.code}`" in page
        assert entry.forms
        assert entry.not_forms or not entry.code.startswith("deadline.")


# The spaCy pipeline -----------------------------------------------------------------------------------------------

SENTENCE = (
    "Sở Tài chính chủ trì, phối hợp với Sở Nội vụ báo cáo trước ngày 15/01 hàng năm "
    "theo Nghị định số 76/2024/NĐ-CP ngày 01/7/2024 của Chính phủ."
)


def test_spans_carry_values_and_exact_offsets() -> None:
    doc = pipeline.nlp()(SENTENCE)
    (deadline,) = doc.spans["deadlines"]
    assert deadline.text == "trước ngày 15/01 hàng năm"
    assert isinstance(deadline._.value, Deadline)
    assert deadline._.value.rrule == "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"
    assert deadline.label_ == "recurring"
    start, end = deadline._.offsets
    assert doc.text[start:end] == deadline._.value.text
    units = doc.spans["units"]
    assert [span.text for span in units][:2] == ["Sở Tài chính", "Sở Nội vụ"]
    assert isinstance(units[0]._.value, Unit)
    (citation,) = doc.spans["citations"]
    assert isinstance(citation._.value, Citation)
    assert citation._.value.number == "76/2024"


def test_the_text_of_a_document_is_the_text_given() -> None:
    for text in ("", " ", "a  b\n\nc", SENTENCE, "Quý\u00a0II/2024\t–  Sở", "Trước ngày 25/10/2023"):
        assert pipeline.nlp()(text).text == text


def test_year_and_place_come_from_the_document_not_from_the_pipeline() -> None:
    nlp = pipeline.nlp()
    doc = nlp.make_doc("Trước ngày 30/6")
    doc._.year_context = YearContext(year=2031)
    (span,) = nlp(doc).spans["deadlines"]
    assert str(span._.value.end) == "2031-06-30"
    cell = nlp.make_doc("Theo kế hoạch")
    cell._.where = Where.DEADLINE
    assert [s.label_ for s in nlp(cell).spans["deadlines"]] == ["conditional"]
    assert not nlp("Theo kế hoạch").spans["deadlines"]


def test_batches_give_what_single_texts_give() -> None:
    nlp = pipeline.nlp()
    texts = [SENTENCE, "Quý II/2024", "không có gì", "Hằng tháng"]
    alone = [[s._.value for s in doc.spans["deadlines"]] for doc in map(nlp, texts)]
    assert [[s._.value for s in doc.spans["deadlines"]] for doc in nlp.pipe(texts)] == alone
    assert [len(values) for values in alone] == [1, 1, 0, 1]


def test_decomposed_text_leads_back_to_its_own_characters() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", SENTENCE)
    doc = pipeline.nlp()(text)
    for name in ("deadlines", "units", "citations"):
        for span in doc.spans[name]:
            start, end = span._.offsets
            assert doc.text[start:end].strip() in span.text
    (deadline,) = doc.spans["deadlines"]
    assert unicodedata.normalize("NFC", deadline.text) == "trước ngày 15/01 hàng năm"


def test_import_stays_light_and_the_tokenizer_needs_no_download() -> None:
    code = "import sys, pipeline; assert 'spacy' not in sys.modules; pipeline.nlp(); assert 'pyvi' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_rules_have_no_unbounded_repeat_of_a_wide_class() -> None:
    wide = re.compile(r"(?:\.|\\s|\\w|\\S|\]|\))[*+](?!\?)")
    allowed = {r"\s)*", r"\w)*"}
    for rule in (*RULES, *HEADED_RULES):
        for match in wide.finditer(rule.pattern):
            around = rule.pattern[max(0, match.start() - 2) : match.end()]
            assert match[0] in (")*",) or around in allowed, (rule.code, rule.pattern[match.start() - 20 : match.end()])
