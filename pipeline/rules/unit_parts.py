"""Parts that stand in names of units: levels and places, owners, tails, nouns of groups, links between them."""

import re

TOKEN = re.compile(r"[^\W_](?:[\w&./]|['’](?=\w))*(?<![./])|[^\w\s]")  # "M'Drắk" is one
LEVEL = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|tp|thị xã|thị trấn|huyện|quận|phường|xã(?! hội)|đặc khu|khu vực|trung ương"
    r"|thôn(?!\s+bản)|tổ dân phố|khu phố|khóm|xóm|ấp(?!\s+ủ)|buôn(?!\s+(?:lậu|bán))|cấp (?:tỉnh|huyện|xã|cơ sở))"
    r"(?!\w|\s+ủy(?!\s+(?:thác|quyền|nhiệm))|\s+đoàn(?!\s+(?:kết|viên|thể|kiểm tra|công tác|thanh tra|giám sát)))"
)
# Cities and towns in short: "các huyện, |thành, thị|".
_SHORT_LEVEL = r"thành(?=(?:,|\svà)\sthị(?!\w))|thị(?!\w|\s(?:trấn|xã|ủy|đoàn|trường|sát|giác|lực|phần))"
MORE_LEVELS = re.compile(
    r"(?:,|\svà)\s(?:(?:thành phố|thị xã|thị trấn|huyện|quận|phường|xã|đặc khu)(?!\w|\s(?:ủy|hội|đoàn|đội|trưởng))"
    rf"|{_SHORT_LEVEL})"
)
ENDS_IN_LEVEL = re.compile(r"(?<!\w)(?:thị trấn|huyện|quận|phường|xã|thị xã|thành phố)$")
OWNER = re.compile(r"(?:trực thuộc|thuộc(?:,? (?:và )?trực thuộc)?|của)\s+(?=\w)")
TAIL = re.compile(
    r"(?:có liên quan|liên quan|trong (?:nhà trường|cơ quan|đơn vị|ngành|toàn ngành)"
    r"|xây dựng đảng|trực thuộc|trên địa bàn|chuyên môn|chức năng|nghiệp vụ|cơ sở(?! đảng| dữ liệu| vật chất| hạ tầng)"
    r"|đóng quân trên địa bàn"
    r"|các công trình(?:\s(?:giao thông|dân dụng|công nghiệp|nông nghiệp|thủy lợi|hạ tầng|trọng điểm)"
    r"(?:(?:,|\svà)\s(?:công nghiệp|dân dụng|nông thôn|phát triển nông thôn|thủy lợi|hạ tầng))*)?"
    r"|cùng cấp(?! ủy| độ| phép)|miền (?:bắc|trung|nam)|vùng (?:[ivx]+|\d+)|khóa [ivx]+"
    r"|nhiệm kỳ \d{4}\s*-\s*\d{4}|(?:hai|ba|bốn) (?:cơ quan|đơn vị|ngành|bên|trường)"
    r"|(?:số|khóa) \d+(?:(?:,| và) (?:số )?\d+(?![\d/.%]))*)(?!\w)"
)
NOUN = re.compile(
    r"(?:(?:tỉnh|thành|huyện|quận|thị|đảng|cấp) ủy|chi bộ|đảng bộ|chi, đảng bộ|(?:tổ|nhóm|đội|khối) trưởng"
    r"|(?:tỉnh|thành|huyện|quận|thị|xã)(?:, (?:tỉnh|thành|huyện|quận|thị))*(?: và (?:thành|thị|quận))? (?:đoàn|ủy)"
    r"|(?:tổ|đội|trạm|hạt|nhóm) trưởng|trưởng (?:phòng|khoa|ban|bộ môn)|chi, đảng bộ|chi bộ, đảng bộ"
    r"|tổ chức|ban quản lý dự án|ban quản lý|sở|ban|ngành|đoàn thể|địa phương|phòng|khoa|tổ|cục|vụ|viện|đơn vị|cơ quan"
    r"|công trường|phân xưởng|xí nghiệp|nhà máy|tổ đội|đội(?! ngũ| tuyển| hình)|nông trường|lâm trường|trại|đồn|hạt"
    r"|tòa án|tòa|viện kiểm sát|điểm trường|tiểu ban|ban chỉ đạo|hội đồng|nhà mạng|giáo viên|đoàn|lớp|khối"
    r"|trưởng (?:thôn|bản|ấp|khu phố)|chủ (?:cơ sở|tàu|rừng|hộ|trang trại)"
    r"|hội|trường học|trường|xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|bộ|doanh nghiệp|cá nhân"
    rf"|thôn|bản|trung tâm|bệnh viện|{_SHORT_LEVEL}"
    r"|cấp(?! phát| phép| cứu)|ngân hàng|chủ đầu tư|nhà thầu|chủ rừng|hợp tác xã|khu phố|tổ dân phố|ấp|xóm|học viện"
    r"|mầm non|mẫu giáo|đại học|cao đẳng|tiểu học|trung học cơ sở|trung học phổ thông|thcs|thpt|công ty|trạm"
    r"|chi cục|chi nhánh|cơ sở|thành viên|đồng chí|ủy viên|hộ"
    r"|cơ quan ngang bộ|cơ quan thuộc chính phủ)(?!\w)"
)
COORDINATED = re.compile(r"(?:,|và)\s+")
# Organisations that stand in many houses: "Hội Sinh viên |các trường cao đẳng|", "Chi bộ |các thôn|".
HOUSES = re.compile(r"(?:trường|bệnh viện|thôn|bản|cơ quan|đơn vị|doanh nghiệp|cấp|khu dân cư|khu phố)(?!\w)")
IN_HOUSES = re.compile(
    r"(?<!\w)(?:(?:chi )?hội(?! đồng| nghị| trường)(?: [^\W\d_]+){1,3}|công đoàn|đoàn thanh niên|chi bộ|đảng bộ"
    r"|chi đoàn|liên đội|hội đồng(?: [^\W\d_]+){1,5})\s$"
)
STANDING = re.compile(r"(?:thường trực|giúp việc)\s+(?=\w)")
