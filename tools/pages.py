"""The pages of the demo city that are looked at: by people in docs/tour.md, by us with look.py.

A page is an address, or a link on another page that is followed, with the post whose it is and one
sentence that says who uses it for what.
"""

from shown import CASE, HAND, Shown


def _steps() -> tuple[Shown, ...]:
    """The forms of the steps, the repairs among them, each on a case that allows it."""
    rows = (
        ("accept", "intake", "reported", "受理 · intake takes a report on"),
        ("file", "shift_leader", "accepted", "立案 · the shift leader files it under a criterion"),
        ("dispatch", "dispatcher", "filed", "派遣 · the dispatcher sees whose it is, and why"),
        ("feed_back", "handler", "dispatched", "反馈 · the handler says what was done"),
        (
            "ask_amend",
            "dispatcher",
            "dispatched",
            "申请更正 · after dispatch a second person decides",
        ),
        ("amend", "intake", "reported", "更正 · intake puts a report right"),
        ("split", "intake", "reported", "拆分 · intake makes two cases of a report of two things"),
        ("join", "intake", "reported", "并案 · intake joins a report to the case it repeats"),
        ("fill_in", "dispatcher", "dispatched&owed=1", "补充材料 · what an urgent case still owes"),
        ("supervise", "leader", "dispatched", "督办 · a leader orders it done"),
        (
            "force_close",
            "center_director",
            "dispatched",
            "强制结案 · the director ends a case, with a reason",
        ),
    )
    return tuple(
        Shown(f"step-{verb}", post, f"/cases/?stage={stage}", words, CASE, f"do/{verb}/")
        for verb, post, stage, words in rows
    )


CASES = (
    Shown("home", "dispatcher", "/", "待办 · everybody starts here: what waits for my posts"),
    Shown(
        "queue", "dispatcher", "/cases/", "案卷 · the dispatcher's list by time left, case beside"
    ),
    Shown(
        "intake",
        "intake",
        "/cases/?stage=reported",
        "受理 · intake's queue with every channel; what repeats and what is likely stands beside",
    ),
    Shown(
        "case",
        "dispatcher",
        "/cases/?stage=filed",
        "一件案卷 · whoever may read it: its story, photos and clocks",
        CASE,
    ),
    Shown(
        "closed",
        "auditor",
        "/cases/?stage=closed",
        "已结案 · before and after under one slider, who did what when",
        CASE,
    ),
    Shown("report", "intake", "/cases/report/", "上报 · intake writes down a call"),
    Shown("callbacks", "intake", "/cases/callbacks/", "回访 · intake rings back who asked for it"),
    Shown("orders", "intake", "/cases/work-orders/", "工单 · orders of 12345 and others, by state"),
    Shown("orders-take", "intake", "/cases/work-orders/take/", "收单 · intake takes a sheet"),
    Shown("portal", "intake", "/p/", "市民上报 · a resident without an account", size=HAND),
    Shown("portal-near", "intake", "/p/near/", "附近 · what a person has released", size=HAND),
    Shown("map", "dispatcher", "/map/", "地图 · the dispatcher sees the filtered list on the map"),
    Shown(
        "mine",
        "handler",
        "/cases/mine/",
        "我的案卷 · the handling unit's cases on the phone",
        size=HAND,
    ),
    Shown(
        "feedback",
        "handler",
        "/cases/?stage=dispatched",
        "反馈 · the handler on the street: photo, outcome, done",
        CASE,
        "feedback/",
        size=HAND,
    ),
    Shown(
        "squad",
        "handler",
        "/cases/?stage=dispatched",
        "交班组办理 · the handler hands a case to a squad by link",
        CASE,
        "squad/",
    ),
    Shown(
        "tasks", "collector", "/cases/tasks/", "核实核查任务 · what a collector looks at", size=HAND
    ),
    Shown(
        "field-today",
        "collector",
        "/field/#today",
        "外业 · a collector's day on the phone",
        size=HAND,
    ),
    Shown(
        "field-map",
        "collector",
        "/field/#map",
        "外业地图 · grids and components without a network",
        size=HAND,
    ),
    Shown(
        "field-report",
        "collector",
        "/field/#report",
        "外业上报 · photo, criterion, saved",
        size=HAND,
    ),
    Shown("field-mine", "collector", "/field/#mine", "", size=HAND),
    Shown(
        "rechecks",
        "center_director",
        "/cases/rechecks/",
        "抽查 · drawn by a lot that anyone redoes",
    ),
    Shown("saved", "dispatcher", "/cases/saved/", "常用筛选 · names, order, default"),
    Shown(
        "missing", "dispatcher", "/cases/209901010001/", "没有这件 · what an unknown number says"
    ),
    Shown("handover", "dispatcher", "/cases/handover/", "交接班 · a desk hands over its shift"),
    Shown(
        "print",
        "dispatcher",
        "/cases/?stage=dispatched",
        "派遣单 · A4 for the file, with the proof's QR",
        CASE,
        "print/",
        paper=True,
    ),
    *_steps(),
    Shown(
        "step-recall",
        "shift_leader",
        "/cases/?stage=accepted",
        "撤回 · whoever filed it takes it back while nobody has opened it",
        CASE,
        "do/file/",
        press=("form.act-form button[type=submit]", "a[href$='/do/recall/']"),
    ),
    Shown("search", "dispatcher", "/search/?q=道路", "搜索 · anybody finds a case, place or unit"),
    Shown("flags", "center_director", "/flags/", "证据疑点 · the centre director judges photos"),
    Shown(
        "flag",
        "center_director",
        "/flags/",
        "一个疑点 · both photos side by side, and what a person says of them",
        "main .btn[href^='/flags/']:not([href*='export'])",
    ),
    Shown(
        "finds",
        "intake",
        "/cases/finds/",
        "机器发现 · intake looks at what cameras recognised: yes, no, next",
    ),
    Shown("cameras", "city_admin", "/settings/cases/cameras/", "摄像机 · how often each was right"),
    Shown("camera", "city_admin", "/settings/cases/cameras/DEMO-01/"),
    Shown("exceptional", "leader", "/exceptional/", "作废与强结 · leaders count exceptional ends"),
    Shown(
        "public-photos",
        "intake",
        "/cases/photos/",
        "公开照片 · intake looks at the photos of public cases before the public does",
    ),
    Shown(
        "public-photo",
        "intake",
        "/cases/photos/",
        "遮挡 · one photo, what the public would see of it, and the boxes that cover it",
        "a.cover-card",
    ),
    Shown(
        "photo-original",
        "center_director",
        "/cases/photos/",
        follow="a.cover-card",
        then="original/",
    ),
)
WALKS = (
    Shown("patrols", "shift_leader", "/patrols/", "巡查 · the centre sees who patrols which grid"),
    Shown("coverage", "shift_leader", "/patrols/coverage/", ""),
    Shown("missed", "shift_leader", "/patrols/missed/", ""),
    Shown("patrol", "collector", "/patrols/mine/", "", size=HAND),
)
ABOVE = (
    Shown(
        "leader", "leader", "/leader/", "我负责的 · a leader sees red and amber; 督办 in two taps"
    ),
    Shown("daily", "leader", "@daily", "日报 · the leader at eight, by signed link", size=HAND),
    Shown("ledger", "auditor", "/ledger/", "总账 · the auditor checks size, checkpoint and key"),
)
LISTS = (
    Shown("components", "dispatcher", "/components/", "部件 · the census of components"),
    Shown(
        "component",
        "dispatcher",
        "/components/",
        "一个部件 · whose it is, where, its cases",
        "main a[href^='/components/']",
    ),
    Shown("catalog", "city_admin", "/catalog/", "目录 · anybody looks up categories and limits"),
    Shown(
        "category",
        "city_admin",
        "/catalog/",
        "一个大类 · its sub-categories and criteria",
        "main a[href^='/catalog/gb30428-e']",
    ),
    Shown("areas", "city_admin", "/areas/", "区域 · districts, streets, communities"),
    Shown("emergencies", "city_admin", "/emergencies/", "应急令 · the public list of orders"),
    Shown("order", "city_admin", "/emergencies/new/", "发布应急令 · entered with its number"),
)
ORGS = (
    Shown("units", "city_admin", "/units/", "单位 · the administrator sees who answers for what"),
    Shown(
        "unit",
        "city_admin",
        "/units/",
        "一个单位 · its people, roles, contracts, duties",
        "main table a[href^='/units/']",
    ),
    Shown(
        "unit-edit",
        "city_admin",
        "/units/",
        "修改单位 · previewed before it counts",
        "main table a[href^='/units/']",
        "edit/",
    ),
    Shown(
        "unit-merge",
        "city_admin",
        "/units/",
        "合并单位 · all that it has passes on",
        "main table a[href^='/units/']",
        "merge/",
    ),
    Shown(
        "roster",
        "city_admin",
        "/units/",
        "值班表 · the administrator plans a week, as in Excel",
        "main table a[href^='/units/']",
        "roster/",
    ),
    Shown("people", "city_admin", "/people/", "人员 · the administrator finds people and posts"),
    Shown(
        "person",
        "city_admin",
        "/people/",
        "一名人员 · posts, account, tokens",
        "main table a[href^='/people/']",
    ),
    Shown(
        "leaving",
        "city_admin",
        "/people/",
        "离岗交接 · all that somebody holds passes on at once",
        "main table a[href^='/people/']",
        "leaving/",
    ),
    Shown("hire", "city_admin", "/people/new/", "人员入职 · a new member of staff"),
    Shown("people-import", "city_admin", "/people/import/", "导入人员 · a list out of Excel"),
    Shown("changes", "city_admin", "/changes/", "近期修改 · who changed what, and undo"),
    Shown("settings", "city_admin", "/settings/", "设置 · all that a city edits by itself"),
)
_CATALOG = "/settings/catalog"
SETTINGS = (
    Shown("criteria", "city_admin", f"{_CATALOG}/criteria/", "立案标准 · conditions and limits"),
    Shown(
        "criterion",
        "city_admin",
        f"{_CATALOG}/criteria/",
        "一条立案标准 · the administrator edits it, previewed",
        "td.cell-actions a",
    ),
    Shown("sheets", "city_admin", f"{_CATALOG}/sheets/criteria/", "用 Excel 改 · out and back"),
    Shown("subjects", "city_admin", f"{_CATALOG}/subjects/", "大类小类 · national and own"),
    Shown(
        "responsibilities", "city_admin", f"{_CATALOG}/responsibilities/", "责任表 · who is named"
    ),
    Shown(
        "trial",
        "city_admin",
        f"{_CATALOG}/trial/?place=116.703,23.365&criterion=E0110-01",
        "试派 · who would get this case, and why not the others",
    ),
    Shown("gaps", "city_admin", f"{_CATALOG}/gaps/", "责任空白 · what nobody answers for"),
    Shown("grades", "city_admin", f"{_CATALOG}/grades/", "区域等级 · stricter or longer by area"),
    Shown("stages", "city_admin", f"{_CATALOG}/stages/", "环节时限 · how long a desk may take"),
    Shown("stage", "city_admin", f"{_CATALOG}/stages/reported:normal/", "一个环节 · its limit"),
    Shown("policies", "city_admin", f"{_CATALOG}/policies/", "政策取值 · the city's own numbers"),
    Shown("calendar", "city_admin", f"{_CATALOG}/calendar/", "日历 · holidays and working days"),
    Shown("notice", "city_admin", f"{_CATALOG}/calendar/notice/", "放假通知 · pasted as published"),
    Shown(
        "notice-rules", "city_admin", "/settings/notices/", "通知规则 · who hears of what, and how"
    ),
    Shown("notice-rule", "city_admin", "/settings/notices/rule/dispatched:handler/"),
    Shown("robots", "city_admin", "/settings/notices/robots/"),
    Shown("hooks", "city_admin", "/settings/notices/hooks/"),
    Shown("hook", "city_admin", "/settings/notices/hooks/", "", "td a"),
    Shown("deliveries", "city_admin", "/notices/deliveries/", "投递情况 · did it arrive, why not"),
    Shown("inbox", "handler", "/notices/", "消息 · what was told to me"),
    Shown("notices-mine", "handler", "/notices/mine/", "我的通知 · by which channel, when not"),
    Shown("windows", "city_admin", f"{_CATALOG}/windows/", "工作时段 · when offices work"),
    Shown(
        "window", "city_admin", f"{_CATALOG}/windows/office/", "一套作息 · by weekday and season"
    ),
    Shown("overlays", "city_admin", f"{_CATALOG}/overlays/", "时期系数 · stricter for a while"),
    Shown(
        "overlay", "city_admin", f"{_CATALOG}/overlays/new/", "新增时期系数 · a factor for a while"
    ),
    Shown(
        "confirm-rules", "city_admin", "/settings/cases/confirm/", "核实规则 · what is confirmed"
    ),
    Shown(
        "order-sources",
        "city_admin",
        "/settings/work-orders/",
        "工单来源 · columns and answer layouts",
    ),
    Shown(
        "step-posts", "city_admin", "/settings/cases/steps/", "步骤岗位 · which post takes a step"
    ),
)
_RANKED = "/evaluation/"
EVALUATION = (
    Shown("evaluations", "center_director", _RANKED, "评价 · a ranking by a scheme and a period"),
    Shown(
        "evaluation",
        "center_director",
        _RANKED,
        "排名 · each figure with its counts, opened by a click",
        "td a[href*='department']",
    ),
    Shown(
        "ranked",
        "unit_lead",
        _RANKED,
        "公示 · what the ranked see, objections, the bundle",
        "td a[href*='department']",
    ),
    Shown(
        "bulletin",
        "unit_lead",
        _RANKED,
        "通报 · what the month came to, in words",
        "td a[href*='department']",
        "bulletin/",
        size=HAND,
    ),
    Shown("schemes", "center_director", f"{_RANKED}schemes/", "评价方案 · rules and versions"),
    Shown(
        "scheme",
        "center_director",
        f"{_RANKED}schemes/department/",
        "一个方案 · changed by what it says in words",
    ),
    Shown("scores", "center_director", f"{_RANKED}scores/"),
    Shown("scores-of", "center_director", f"{_RANKED}scores/?scheme=benchmark&period=2026-10"),
    Shown("score-sheet", "leader", f"{_RANKED}scores/", follow="td a[href*='scores/sheet']"),
    Shown("gap-tasks", "center_director", f"{_RANKED}gaps/"),
    Shown("gap-task", "center_director", f"{_RANKED}gaps/", follow="td a[href*='gaps/']"),
    Shown("lasting", "center_director", f"{_RANKED}lasting/", "长效指数 · does order last"),
    Shown("analysis", "center_director", f"{_RANKED}analysis/", "研判 · counts by any two sides"),
    Shown(
        "hotspots",
        "center_director",
        f"{_RANKED}analysis/hotspots/",
        "热点 · where it gathers beyond chance",
    ),
    Shown(
        "forecast",
        "center_director",
        f"{_RANKED}analysis/forecast/",
        "预测 · next week, with an interval that was tried",
    ),
)
PAGES = (*CASES, *WALKS, *ABOVE, *LISTS, *ORGS, *EVALUATION, *SETTINGS)
