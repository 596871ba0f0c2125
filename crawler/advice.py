"""What a site's owner should be told about a capture that gave nothing. Pure.

One sentence for each fate, for the letter that an office sends to the unit: what our visit met,
and what the administrator of the site can do about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.language import t
from storage.records import Disposition

_AGENT = "User-Agent “tinbai”"


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return t(self.vi, self.en)


def of(disposition: Disposition, reason: str | None, *, of_list: bool = False) -> Advice | None:
    """Give the advice on a fate, of a list or an article; None for those that need none."""
    for fate, pattern, advice in (*_ON_LISTS, *_ADVICE) if of_list else _ADVICE:
        if fate is disposition and pattern.search(reason or ""):
            return advice
    return None


def _on(fate: Disposition, pattern: str, vi: str, en: str) -> _Row:
    return fate, re.compile(pattern), Advice(vi, en)


_Row = tuple[Disposition, re.Pattern[str], Advice]

_NOT_THERE = r"status (?:404|410)|khong (?:tim thay|ton tai|con)|not found"

_ON_LISTS: tuple[_Row, ...] = (
    _on(
        Disposition.HTTP_ERROR,
        _NOT_THERE,
        "Chuyên mục hoặc luồng tin không còn ở địa chỉ trong hồ sơ trang: khôi phục, hoặc báo cơ "
        "quan kiểm tra địa chỉ mới để sửa hồ sơ.",
        "A section or feed is not at the address of the profile any more: restore it, or tell the "
        "office the new address.",
    ),
)

# Of each fate the last row takes what the ones before it leave.
_ADVICE: tuple[_Row, ...] = (
    _on(
        Disposition.BLOCKED,
        r"captcha|challenge",
        "Tường lửa đòi kiểm tra “không phải người máy” thay vì trả bài: hãy cho phép "
        f"{_AGENT} hoặc địa chỉ IP của cơ quan kiểm tra.",
        "The firewall asks for proof of a human in place of the page: allow our user agent or IP.",
    ),
    _on(
        Disposition.BLOCKED,
        r"login",
        "Trang yêu cầu đăng nhập mới xem được: bài công khai phải xem được không cần tài khoản.",
        "The page asks for a login: public articles must be readable without an account.",
    ),
    _on(
        Disposition.BLOCKED,
        r"maintenance",
        "Trang báo đang bảo trì, nâng cấp: báo cho cơ quan kiểm tra ngày hoạt động lại.",
        "The site says that it is under maintenance: tell the office when it will be back.",
    ),
    _on(
        Disposition.BLOCKED,
        "",
        f"Tường lửa từ chối lượt truy cập: hãy cho phép {_AGENT} hoặc địa chỉ IP của cơ "
        "quan kiểm tra.",
        "The firewall refuses us: allow our user agent or IP.",
    ),
    _on(
        Disposition.HTTP_ERROR,
        _NOT_THERE,
        "Danh sách còn dẫn tới bài đã bị gỡ hoặc đổi địa chỉ: khôi phục bài, hoặc chuyển hướng "
        "(301) sang địa chỉ mới.",
        "A list leads to an article that is gone or has moved: restore it, or redirect (301).",
    ),
    _on(
        Disposition.HTTP_ERROR,
        r"status (?:401|403)",
        "Máy chủ cấm xem trang này: kiểm tra quyền truy cập công khai của chuyên mục, bài viết.",
        "The server forbids the page: check the public access rights.",
    ),
    _on(
        Disposition.HTTP_ERROR,
        r"status 429",
        "Máy chủ báo truy cập quá nhiều dù đã đọc chậm: nới giới hạn số lượt cho "
        f"{_AGENT}, hoặc thỏa thuận giờ đọc.",
        "The server says too many requests although we read slowly: raise the limit for us.",
    ),
    _on(
        Disposition.HTTP_ERROR,
        r"redirect loop",
        "Địa chỉ chuyển hướng vòng tròn, không bao giờ tới bài: sửa quy tắc chuyển hướng.",
        "The address redirects in a circle: mend the redirect rules.",
    ),
    _on(
        Disposition.HTTP_ERROR,
        "",
        "Máy chủ báo lỗi khi mở trang này: đề nghị đơn vị vận hành xem nhật ký lỗi của máy chủ.",
        "The server answers with an error: its operator should look into the error log.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"TLS",
        "Chứng thư số (HTTPS) hết hạn, sai tên miền hoặc thiếu chứng thư trung gian: cài lại đủ "
        "chuỗi chứng thư. Khi chưa sửa được, cơ quan kiểm tra có thể ghi tls: accept_broken "
        "trong hồ sơ trang.",
        "The certificate has expired, names another host or lacks its chain: install the whole "
        "chain. Until then the office may write 'tls: accept_broken' into the site's profile.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"unknown host",
        "Tên miền không phân giải được: kiểm tra việc gia hạn tên miền và cấu hình DNS.",
        "The domain name does not resolve: check its renewal and the DNS.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"private address",
        "Tên miền trỏ về địa chỉ mạng nội bộ: sửa DNS. Nếu trang đúng là nằm trong mạng cơ quan "
        "thì ghi allow_private: true trong hồ sơ trang.",
        "The domain name points to a private address: mend the DNS. If the site is on the "
        "office's own network, write 'allow_private: true' into its profile.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"timeout",
        "Máy chủ không trả lời kịp: kiểm tra tải, đường truyền và tường lửa.",
        "The server does not answer in time: check its load, its line and its firewall.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"too large",
        "Trang trả về quá lớn nên không đọc hết: kiểm tra mẫu trang, ảnh hoặc tệp nhúng thẳng.",
        "The page is too large to be read: check its template and embedded files.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        r"cut off",
        "Máy chủ gửi trang thiếu phần cuối: kiểm tra Content-Length, nén gzip và máy chủ trung "
        "gian.",
        "The server sends pages without their end: check Content-Length, gzip and proxies.",
    ),
    _on(
        Disposition.NETWORK_ERROR,
        "",
        "Không kết nối được tới máy chủ: kiểm tra máy chủ web, cổng 80/443 và tường lửa.",
        "The server cannot be reached: check the web server, ports 80/443 and the firewall.",
    ),
    _on(
        Disposition.ROBOTS_DENIED,
        r"robots\.txt: (?!status)",
        "Máy chủ không trả lời khi hỏi robots.txt nên chưa được phép đọc trang; đêm sau hỏi lại. "
        "Kiểm tra máy chủ, cổng 80/443, tường lửa. Nếu chỉ riêng tệp này hỏng và đơn vị xác nhận "
        "không cấm, ghi robots: obey_unless_broken trong hồ sơ trang.",
        "The server does not answer for robots.txt, so nothing may be read yet; it is asked again "
        "the next night. Check the server, ports 80/443 and the firewall. If only this file is "
        "broken and nothing is forbidden, write 'robots: obey_unless_broken' into the profile.",
    ),
    _on(
        Disposition.ROBOTS_DENIED,
        r"robots\.txt",
        "robots.txt trả lỗi máy chủ nên không được phép đọc trang: sửa cho tệp trả 200 hoặc 404. "
        "Nếu đơn vị xác nhận không cấm, ghi robots: obey_unless_broken trong hồ sơ trang.",
        "robots.txt answers with a server error, so nothing may be read: make it 200 or 404. If "
        "nothing is forbidden, write 'robots: obey_unless_broken' into the profile.",
    ),
    _on(
        Disposition.ROBOTS_DENIED,
        "",
        f"robots.txt cấm đọc: thêm dòng cho phép {_AGENT} đọc các chuyên mục tin.",
        "robots.txt forbids reading: allow our user agent to read the news sections.",
    ),
    _on(
        Disposition.UNREADABLE,
        r"empty|no visible text",
        "Trang trả về rỗng: kiểm tra mẫu trang; nội dung cần có sẵn trong HTML, không chỉ hiện "
        "bằng JavaScript.",
        "The page comes empty: its text must be in the HTML, not only drawn by a script.",
    ),
    _on(
        Disposition.UNREADABLE,
        r"^browser: not installed",
        "Danh sách chỉ hiện bằng kịch bản mà máy của cơ quan kiểm tra chưa cài trình duyệt: xem "
        "“Phần mở rộng” trong hướng dẫn sử dụng.",
        "The list is drawn by a script, and this machine has no browser to see it: install it.",
    ),
    _on(
        Disposition.UNREADABLE,
        r"^browser:",
        "Danh sách chỉ hiện bằng kịch bản, và có lời gọi của kịch bản không được trả lời: nên có "
        "sẵn danh sách trong HTML, hoặc cung cấp RSS.",
        "The list is drawn by a script, and a call of it was not answered: put the list into the "
        "HTML, or give a feed.",
    ),
    _on(
        Disposition.UNREADABLE,
        "",
        "Trang trả về không đọc được như một trang tin: kiểm tra kiểu nội dung, bảng mã và mẫu "
        "trang.",
        "The answer cannot be read as a news page: check its type, charset and template.",
    ),
    _on(
        Disposition.OFF_SITE,
        "",
        "Địa chỉ dẫn ra ngoài trang của đơn vị: nếu tên miền kia cũng là của đơn vị, báo cơ quan "
        "kiểm tra thêm vào hosts trong hồ sơ trang.",
        "The address leads away from the site: if that host is the unit's as well, have it added "
        "to 'hosts' in the profile.",
    ),
    _on(
        Disposition.NOT_AN_ARTICLE,
        "",
        "Mục trong danh sách không dẫn tới bài viết: đưa liên kết biểu mẫu, thư viện ảnh ra ngoài "
        "chuyên mục tin.",
        "A list entry leads to no article: keep forms and galleries out of the news sections.",
    ),
)
