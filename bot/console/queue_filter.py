"""Which cases the inbox shows, and in which order: everything stands in the address, as words of ours alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from bot.console.signs import REASONS
from bot.triage.tier import Tier

Tab = Literal["open", "unassigned", "mine", "snoozed", "closed", "all"]
Sort = Literal["urgency", "wait", "due", "newest"]

TABS: Mapping[Tab, str] = {
    "open": "Open",
    "unassigned": "Unassigned",
    "mine": "Mine",
    "snoozed": "Snoozed",
    "closed": "Closed",
    "all": "All conversations",
}
HEADINGS: Mapping[Tab, str] = {
    "open": "Open cases",
    "unassigned": "Unassigned cases",
    "mine": "My cases",
    "snoozed": "Snoozed cases",
    "closed": "Closed cases",
    "all": "All conversations",
}
SORTS: Mapping[Sort, str] = {
    "urgency": "Most urgent first",
    "wait": "Longest wait first",
    "due": "Due first",
    "newest": "Newest case first",
}
CHANNELS = {"web": "Web", "telegram": "Telegram"}
WAITING: frozenset[Tab] = frozenset({"open", "unassigned", "mine", "snoozed"})  # tabs of cases that are not closed


@dataclass(frozen=True)
class Filter:
    """One view of the inbox."""

    tab: Tab = "open"
    tier: Tier | None = None
    channel: str = ""
    reason: str = ""
    overdue: bool = False
    sort: Sort = "urgency"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filter":
        """Read an address; what it does not know it leaves out."""
        tab = query.get("tab", "")
        sort = query.get("sort", "")
        number = query.get("page", "")
        shown: Tab = next((one for one in get_args(Tab) if one == tab), "open")
        return cls(
            tab=shown,
            tier=next((one for one in Tier if one.label == query.get("tier") and one > Tier.NONE), None)
            if shown != "all"
            else None,
            channel=query.get("channel", "") if query.get("channel") in CHANNELS else "",
            reason=query.get("reason", "") if query.get("reason") in REASONS and shown != "all" else "",
            overdue=query.get("overdue") == "yes" and shown in WAITING,
            sort=next((one for one in get_args(Sort) if one == sort), "urgency") if shown in WAITING else "urgency",
            page=int(number) if number.isdecimal() and 0 < len(number) < 6 and int(number) else 1,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything of the tab is filtered out."""
        return bool(self.tier is not None or self.channel or self.reason or self.overdue)

    @property
    def whole(self) -> "Filter":
        """The same tab with nothing filtered out."""
        return Filter(tab=self.tab, sort=self.sort)

    def but(self, **change: Any) -> str:
        """The address of this view with something changed, on its first page."""
        return replace(self, **{"page": 1, **change}).address

    @property
    def address(self) -> str:
        """Where this view stands."""
        given = {
            "tab": self.tab if self.tab != "open" else "",
            "tier": self.tier.label if self.tier else "",
            "channel": self.channel,
            "reason": self.reason,
            "overdue": "yes" if self.overdue else "",
            "sort": self.sort if self.sort != "urgency" else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return "/console" + (f"?{query}" if query else "")
