"""The review page: a small web application on 127.0.0.1 that answers nobody without its token.

Why each guard is there:
    token in a cookie  other users of the machine and other sites do not have it (HttpOnly, SameSite=Strict)
    Host               a foreign name that resolves to 127.0.0.1 is refused (DNS rebinding)
    Origin and type    a form of another site cannot send JSON with our origin (CSRF)
    only ids           no address of ours holds a path; documents and pages are looked up by what the store knows
"""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from extractors.errors import IngestError
from pipeline.clock import VIETNAM
from pipeline.ledger.corrections import verdicts
from pipeline.pages import page_templates
from pipeline.plan import Action, Task
from pipeline.read.correct import FIELDS, in_force
from pipeline.review.desk import SURE, Desk, ReviewError, Sheet
from pipeline.rules.understood import understood
from pipeline.terminal import SEVERITY_WORDS, printable, vietnamese

_LARGEST_BODY = 200_000  # bytes: a long cell, not a file
FIELD_WORDS = {
    "ordinal": "Số thứ tự",
    "content": "Nội dung",
    "lead_text": "Chủ trì",
    "partner_text": "Phối hợp",
    "deadline_text": "Thời hạn",
    "output": "Kết quả",
    "note": "Ghi chú",
}
ACTION_WORDS = {
    Action.SET: "sửa ô",
    Action.SPLIT: "tách dòng",
    Action.JOIN: "gộp dòng",
    Action.DROP: "bỏ dòng",
    Action.UNDO: "hoàn tác",
    Action.CONFIRM: "xác nhận phát hiện",
    Action.DISMISS: "bỏ qua phát hiện",
    Action.CHECKED: "đã đối chiếu cả văn bản",
}
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def cookie_name(port: int) -> str:
    """A browser sends a cookie to all ports of a machine (RFC 6265, 8.5): two open pages would lock each other out."""
    return f"kehoach_review_{port}"


def application(desk: Desk, token: str, port: int) -> Starlette:
    """The page of one desk; whoever has the token may read and correct its documents."""
    pages = _Pages(desk)
    routes = [
        Route("/", pages.documents),
        Route("/van-ban/{document_id}", pages.document),
        Route("/anh/{document_id}/{page:int}.webp", pages.picture),
        Route("/assets/{name}", pages.asset),
        Route("/sua", pages.correct, methods=["POST"]),
    ]
    hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
    guard = Middleware(BaseHTTPMiddleware, dispatch=_guard(token, hosts, cookie_name(port)))
    return Starlette(routes=routes, middleware=[guard], exception_handlers={IngestError: _told})


def _guard(
    token: str, hosts: frozenset[str], cookie: str
) -> Callable[[Request, Callable[..., Awaitable[Response]]], Any]:
    def allowed(given: str) -> bool:
        return hmac.compare_digest(given.encode(), token.encode())

    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.headers.get("host") not in hosts:
            return _refused("Địa chỉ không đúng. / Unknown host.")
        if request.method == "GET" and request.url.path == "/" and allowed(request.query_params.get("token", "")):
            answer: Response = RedirectResponse("/", status_code=303)  # the token leaves the address bar
            answer.set_cookie(cookie, token, httponly=True, samesite="strict")
        elif not allowed(request.cookies.get(cookie, "")):
            return _refused("Hãy mở bằng đường dẫn mà lệnh kehoach review đã in. / Open the address that was printed.")
        elif request.method != "GET" and not _from_here(request, hosts):
            return _refused("Yêu cầu đến từ trang khác. / The request comes from another page.")
        else:
            answer = await go_on(request)
        answer.headers.update(
            {
                "Content-Security-Policy": _CONTENT_SECURITY,
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
            }
        )
        return answer

    return guard


def _from_here(request: Request, hosts: frozenset[str]) -> bool:
    origin = request.headers.get("origin", "").removeprefix("http://")
    return origin in hosts and request.headers.get("content-type", "").startswith("application/json")


async def _told(request: Request, fault: Exception) -> Response:
    """A damaged table, a full disk, a ledger that cannot be written: told where the checker looks."""
    words = vietnamese(str(fault))
    if request.method == "POST":
        return JSONResponse({"fault": f"Chưa lưu được. {words}"}, status_code=503)
    return _page("list.html", status=503, documents=[], fault=words)


def _refused(why: str) -> Response:
    return PlainTextResponse(why, status_code=403)


@dataclass(frozen=True, slots=True)
class _Pages:
    desk: Desk

    async def documents(self, _request: Request) -> Response:
        return _page("list.html", documents=await run_in_threadpool(self.desk.documents))

    async def document(self, request: Request) -> Response:
        try:
            sheet = await run_in_threadpool(self.desk.open, request.path_params["document_id"])
        except ReviewError as fault:
            return _page("list.html", status=404, documents=[], fault=str(fault))
        order = request.query_params.get("theo", "nghi-ngo")
        return _page("paper.html", order=order, **_words(sheet, order))

    async def picture(self, request: Request) -> Response:
        try:
            sheet = await run_in_threadpool(self.desk.open, request.path_params["document_id"])
        except ReviewError as fault:
            return PlainTextResponse(str(fault), status_code=404)
        picture = sheet.pictures.get(request.path_params["page"])
        return Response(picture.webp, media_type="image/webp") if picture else PlainTextResponse("", status_code=404)

    async def asset(self, request: Request) -> Response:
        kind, data = _assets().get(request.path_params["name"], ("", b""))
        return Response(data, media_type=kind) if kind else PlainTextResponse("", status_code=404)

    async def correct(self, request: Request) -> Response:
        body = await request.body()
        try:
            if len(body) > _LARGEST_BODY:
                raise ReviewError("Nội dung quá dài.")
            asked = _asked(body)
            await run_in_threadpool(lambda: self.desk.say(asked.pop("document_id"), asked.pop("action"), **asked))
        except ReviewError as fault:
            return JSONResponse({"fault": str(fault)}, status_code=409)
        return JSONResponse({"done": True})


_TEXTS = ("document_id", "by", "seen", "field", "new", "why")


def _asked(body: bytes) -> dict[str, Any]:
    """The values of a request, each of its type; anything else is refused."""
    try:
        given = json.loads(body)
        action, sequence = Action(given.pop("action")), given.pop("sequence", 0)
    except (ValueError, AttributeError, KeyError, TypeError) as fault:
        raise ReviewError("Yêu cầu không đúng dạng.") from fault
    texts_only = set(given) <= set(_TEXTS) and all(isinstance(value, str) for value in given.values())
    if not (texts_only and isinstance(sequence, int) and {"document_id", "by"} <= set(given)):
        raise ReviewError("Yêu cầu không đúng dạng.")
    if action is Action.SPLIT and not _is_parts(given.get("new", "")):
        raise ReviewError("Hãy tách thành ít nhất hai dòng, cách nhau một dòng trống.")
    return {**given, "action": action, "sequence": sequence}


def _is_parts(text: str) -> bool:
    try:
        parts = json.loads(text)
    except ValueError:
        return False
    return isinstance(parts, list) and len([p for p in parts if isinstance(p, str) and p.strip()]) == len(parts) > 1


def _words(sheet: Sheet, order: str) -> dict[str, Any]:
    rows = [(task, sheet.doubt(task)) for task in sheet.plan.tasks]
    if order == "nghi-ngo":
        rows.sort(key=lambda pair: -pair[1])
    findings: dict[int, list[Any]] = {}
    for finding_id, finding in sheet.findings:
        findings.setdefault(finding.task or 0, []).append((finding_id, finding))
    return {
        "sheet": sheet,
        "rows": [(task, doubt, _crop(sheet, task)) for task, doubt in rows],
        "findings_of": findings,
        "verdicts": verdicts(sheet.corrections),
        "in_force": {c.number for c in in_force(sheet.corrections)},
    }


def _crop(sheet: Sheet, task: Task) -> dict[str, Any] | None:
    """How a page picture is laid into a frame that shows the row and a little around it (all in per cent)."""
    spot = sheet.spot(task)
    picture = sheet.pictures.get(spot.page) if spot else None
    if spot is None or picture is None or not spot.width or not spot.height:
        return None
    edge = 0.006
    left, top = max(0.0, spot.left - edge), max(0.0, spot.top - edge)
    width, height = min(1 - left, spot.width + 2 * edge), min(1 - top, spot.height + 2 * edge)
    return {
        "page": spot.page,
        "ratio": (width * picture.width) / (height * picture.height),
        "image_width": 100 / width,
        "shift_left": -100 * left / width,
        "shift_top": -100 * top / height,
    }


@cache
def _templates() -> jinja2.Environment:
    environment = page_templates("pipeline.review")
    environment.filters["shown"] = lambda text: printable(text or "")
    environment.filters["understood"] = understood
    environment.filters["moment"] = lambda at: f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    environment.globals.update(
        severity_words=SEVERITY_WORDS, field_words=FIELD_WORDS, action_words=ACTION_WORDS, fields=FIELDS, sure=SURE
    )
    return environment


def _page(name: str, status: int = 200, fault: str = "", **words: Any) -> Response:
    return HTMLResponse(_templates().get_template(name).render(fault=fault, **words), status_code=status)


@cache
def _assets() -> dict[str, tuple[str, bytes]]:
    """All that may be asked for by name."""
    return {
        "report.css": ("text/css", (resources.files("pipeline.report") / "assets" / "report.css").read_bytes()),
        "review.css": ("text/css", (resources.files("pipeline.review") / "assets" / "review.css").read_bytes()),
        "review.js": ("text/javascript", (resources.files("pipeline.review") / "assets" / "review.js").read_bytes()),
    }
