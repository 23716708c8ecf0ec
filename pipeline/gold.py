"""A plan as plain JSON values, in the shape of the gold of a test case: what a document is expected to give."""

from pipeline.plan import Citation, Deadline, Finding, Header, PlanDocument, Severity, Task

Json = dict[str, object]


def as_gold(plan: PlanDocument, findings: tuple[Finding, ...]) -> Json:
    """Plain JSON values, infos left out, findings in a fixed order."""
    return {
        "document": _document(plan.header),
        "tasks": [_task(task) for task in plan.tasks],
        "citations": [_citation(citation) for citation in plan.citations],
        "findings": sorted(
            (_finding(finding) for finding in findings if finding.severity is not Severity.INFO),
            key=lambda finding: (finding["task"] or 0, finding["rule"], finding["evidence"]),
        ),
    }


def _day(day: object) -> str | None:
    return str(day) if day else None


def _document(header: Header) -> Json:
    return {
        "doc_type": header.doc_type,
        "doc_type_code": header.doc_type_code,
        "number": header.number,
        "symbol": header.symbol,
        "issuer": header.issuer,
        "place": header.place,
        "issued_date": _day(header.issued_date),
        "issued_date_text": header.issued_date_text,
        "issued_date_precision": header.issued_date_precision,
        "issued_start": _day(header.issued_start),
        "issued_end": _day(header.issued_end),
        "title": header.title,
        "period_start": _day(header.period_start),
        "period_end": _day(header.period_end),
        "signer_title": header.signer_title,
        "signer_name": header.signer_name,
        "recipients": list(header.recipients),
    }


def _task(task: Task) -> Json:
    return {
        "sequence": task.sequence,
        "source": task.source,
        "ordinal": task.ordinal,
        "section_path": list(task.section_path),
        "objective": task.objective,
        "parent": task.parent,
        "content": task.content,
        "output": task.output,
        "lead_text": task.lead_text,
        "partner_text": task.partner_text,
        "leads": list(task.leads),
        "partners": list(task.partners),
        "roles_inferred": task.roles_inferred,
        "deadline_text": task.deadline_text,
        "deadlines": [_deadline(deadline) for deadline in task.deadlines],
        "note": task.note,
    }


def _deadline(deadline: Deadline) -> Json:
    return {
        "text": deadline.text,
        "source": deadline.source.value,
        "kind": deadline.kind.value,
        "bound": deadline.bound.value,
        "start": _day(deadline.start),
        "end": _day(deadline.end),
        "rrule": deadline.rrule,
        "year_inferred": deadline.year_inferred,
    }


def _citation(citation: Citation) -> Json:
    return {
        "text": citation.text,
        "doc_type": citation.doc_type,
        "number": citation.number,
        "symbol": citation.symbol,
        "date": _day(citation.date),
        "issuer": citation.issuer,
    }


def _finding(finding: Finding) -> dict[str, str | int | None]:
    return {"rule": finding.rule, "task": finding.task, "evidence": finding.evidence}
