"""What the machine refused, in words that an officer understands."""

import errno
import socket

_FULL = "ổ đĩa đã đầy"
_VIETNAMESE = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "một phần của đường dẫn không phải là thư mục",
    errno.EISDIR: "đây là thư mục",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết chạy vòng",
    errno.ESTALE: "mất kết nối với thư mục dùng chung",
    errno.EIO: "lỗi khi đọc, ghi đĩa",
    errno.EADDRINUSE: "chương trình khác đang dùng",
    errno.ECONNREFUSED: "máy đó không nhận kết nối",
    errno.ECONNRESET: "máy đó ngắt kết nối",
    errno.EHOSTUNREACH: "không tới được máy đó",
    errno.ENETUNREACH: "không có mạng",
    errno.ETIMEDOUT: "quá thời gian chờ",
    socket.EAI_NONAME: "không có máy nào tên như vậy",
    socket.EAI_AGAIN: "không hỏi được tên máy, có thể mất mạng",
}


def refused(refusal: BaseException) -> str:
    """Why, in Vietnamese; what has no words of ours is told as the system tells it.

    Forms: PermissionError -> "không có quyền"; ENOSPC -> "ổ đĩa đã đầy".
    """
    if isinstance(refusal, TimeoutError):
        return _VIETNAMESE[errno.ETIMEDOUT]
    known = _VIETNAMESE.get(refusal.errno or 0) if isinstance(refusal, OSError) else None
    return known or refused_in_english(refusal)


def refused_in_english(refusal: BaseException) -> str:
    """The same as the system words it."""
    return getattr(refusal, "strerror", None) or str(refusal)
