"""What stands around the news on a page, told by its words alone.

Comes in: the reading of a sentence or a line. Goes out: yes or no. Promises: only wordings that news
prose does not use count; a pattern that a news sentence could satisfy ("By Monday, 12 people had
died.", "Share prices fell.") must match the whole text, never a part of it.
"""

from __future__ import annotations

import re

MAX_WORDS = 40  # no furniture says more, so the patterns need not look at more


def _list(words: str) -> list[str]:
    return words.split()


def _any(*alternatives: str) -> str:
    return f"(?:{'|'.join(alternatives)})"


_AGENCY = _any(
    *_list("AP AFP PTI ANI IANS DPA dpa EFE ANSA TASS KCNA UPI UNB BSS WAM SPA EPA-EFE EPA PA CNA Reuters"),
    *_list("REUTERS Xinhua Kyodo Yonhap Interfax Anadolu Bloomberg Bernama Agencies"),
)
_SELLER = _any(_AGENCY, "Getty Images", "Getty", "Shutterstock", "Alamy", "Unsplash", "NurPhoto", "Pool")
_PICTURE = r"(?:photo(?:graph)?s?|images?|pictures?|video|graphics?|illustration|screengrab|screenshot)"
_NAME = r"[A-Z][\w.'&-]*"
_NAMES = rf"{_NAME}(?: (?:{_NAME}|of|the|and|de|van|von|bin|al|for)){{0,7}}"
_START = r"(?:^|[.!?)\]\"']\s*|[(\[|]\s*|[–—]\s*|\s-\s)"  # of a line, or after what a caption ends with

_CREDITS = tuple(
    re.compile(pattern)
    for pattern in (
        # Photo credit Ann Lee; Top Photo Credit: Ann Lee; Image courtesy of the museum
        rf"{_START}(?i:(?:\w+ ){{0,3}}{_PICTURE} (?:credits?(?=\s*[:|/])|courtesy of\b))",
        rf"{_START}(?i:(?:\w+ ){{0,3}}{_PICTURE} credit) {_NAMES}(?:\s*/\s*{_NAMES})*[.)\]]*$",
        # Photo: Ann Lee; Credit: Ann Lee
        rf"{_START}(?i:{_PICTURE}|credits?)\s*[:|/]\s*[^.!?]{{2,60}}[.)\]]*$",
        # Photo by Ann Lee/AFP
        rf"{_START}(?i:{_PICTURE}) (?:by|via|from|courtesy of) "
        rf"{_NAMES}(?:(?: via |\s*/\s*){_NAMES})*[.)\]]*$",
        # Ann Lee/Getty Images; Ann Lee/Pool via AP
        rf"{_START}{_NAMES}\s?/\s?{_SELLER}(?: {_NAME})?(?: via {_NAMES})?[.)\]]*$",
        # (AP Photo/Ann Lee); [File: Ann Lee/Reuters]; (Ministry of Defence via AP)
        rf"[(\[|–—]\s*(?:AP Photo|AFP Photo|(?i:file(?: photo| picture)?)|{_NAMES} via {_SELLER})"
        r"(?:[/:,] ?[^)\]]{0,60})?[)\]]?$",
        r"(?:^|[.!?)\"']\s*)(?:Getty Images|AP Photo)$",
        r"(?:^|[.!?]\s+)(?i:file|archive|stock|featured) (?i:photo|picture|image|footage)\.?$",
        r"^FILE\s?(?:PHOTO\s?)?[-–—:]",
        r"^\(?(?i:caption|pictured|above|left|right|top|file photo)\s?[:|]",
        # ... is seen in this undated handout picture
        r"\b(?i:in this (?:\w+ )?(?:file|handout|undated|archive|still|aerial|satellite|combination)\b"
        r"[\w ]{0,20}(?:photo|photograph|picture|image)\b)",
    )
)

_LABEL = _any(
    *(
        r"read more",
        r"read next",
        r"read also",
        r"also read",
        r"see also",
        r"see more",
        r"more on this(?: story)?",
    ),
    r"related(?: (?:stories|articles|news|links|content|topics|coverage|posts))?",
    r"more from [\w ]{1,30}",
    r"recommended(?: (?:for you|stories|reading))?",
    r"most (?:read|popular|viewed)",
    *(
        r"trending(?: now)?",
        r"editor'?s'? picks?",
        r"you (?:may|might) also like",
        r"top stories",
        r"latest news",
    ),
    *(r"sponsored(?: content)?", r"promoted(?: content)?", r"advert(?:isement)?", r"newsletters?"),
    r"(?:story|article) continues (?:below|after)(?: (?:this )?advert(?:isement)?)?",
)
_LINK_HEADING = re.compile(rf"{_LABEL}\s?[:»>|]?", re.IGNORECASE)
_LINK = re.compile(rf"(?:{_LABEL}|watch|listen|read)\s?[:»>|]\s?\S.*", re.IGNORECASE)
_CONTROL = re.compile(
    _any(
        *(r"log ?in", r"sign ?(?:in|up)", r"register", r"subscribe(?: now)?", r"menu", r"search", r"home"),
        *(r"skip to (?:main )?content", r"back to top", r"load more", r"contact us", r"about us"),
        r"(?:(?:view|show|hide|loading|post a|add a) )?(?:all )?(?:\d+ )?comments?(?: \(\d+\))?",
        *(r"\d+ shares?", r"leave a (?:reply|comment)(?: cancel reply)?", r"cancel reply", r"post comment"),
        *(r"save my name.*", r"(?:name|email|website)(?: ?\*| \(required\))"),
        *(r"(?:estimated )?reading time:? .{1,20}", r"\d+ min(?:ute)?s? read", r"listen to this article"),
        *(
            r"accept(?: all)? cookies",
            r"privacy policy",
            r"terms of (?:use|service)",
            r"cookie (?:policy|settings)",
        ),
        *(r"click here", r"tap here"),
    )
    + r"[.!]?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    _any(
        *(r"\byour email address will not be published\b", r"\brequired fields are marked\b"),
        *(r"\ball rights reserved\.?$", r"\bmay not be published, broadcast\b"),
        *(r"^©", r"^\(c\) ?\d", r"^copyright (?:©|\(c\)|\d{4})"),
        r"^(?:we|this (?:site|website)) uses? cookies\b",
        r"\byou (?:agree|consent) to (?:our|the) (?:terms|privacy|cookie|use of cookies)",
        r"^(?:tags?|topics?|keywords|filed under|categor(?:y|ies)) ?: ",
        r"^this (?:article|story|post) (?:was|has been) "
        r"(?:first |originally |last |automatically |re-?published|updated|corrected|amended|syndicated)",
        r"^this is an? (?:developing|breaking)(?: news)? story\b",
        r"^this (?:article|text|story) is (?:for information|translated|machine-translated|not investment)",
        r"^letters (?:of|to) .{1,60}\beditor\b",
        r"^the post .+ (?:appeared first on|first appeared on) ",
    ),
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"^(?:please )?"
    + _any(
        r"(?:sign up|subscribe|register|log ?in|sign in|join|download|get|click|tap)\b.*\b"
        + _any(
            r"(?:our|your|the)(?: [\w']+){0,3} (?:channel|app|page|community|alerts|podcast)",
            r"(?:newsletters?|inbox|here|whatsapp|telegram|youtube|facebook)",
            r"(?:for|to) (?:our|us)",
        )
        + r"\b",
        r"follow .{1,40} on (?:x|twitter|facebook|instagram|linkedin|telegram|tiktok|youtube|google news)\b",
        r"follow .{1,40} for (?:the |all (?:the )?|our )?(?:latest|updates|breaking|more)\b",
        r"watch .{1,40} on our (?:app|channel|site|website)\b",
        r"(?:click|tap) here\b",
        r"download (?:our|the) (?:\S+ ){0,3}app\b",
        r"support our (?:journalism|work)",
        r"become an? (?:member|subscriber|supporter)(?: today| now)?[.!]?$",
        r"share (?:this (?:article|story|post|page)|your (?:thoughts|views|opinion))\b",
        r"don'?t miss (?:out|our)\b",
    ),
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|according|wrote|asked|added|warned|urged|announced|reported|explained)\b",
    re.IGNORECASE,
)
_SHARE_BAR = frozenset(
    _list(
        "share shares tweet email e-mail print facebook twitter x whatsapp linkedin reddit pinterest telegram"
    )
    + _list("messenger copy link save pin flipboard comment comments this article story on via to url")
)
_FORM = re.compile(r"your email address will not|leave a (?:reply|comment)(?: cancel reply)?$", re.IGNORECASE)

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
_MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_TIME = _any(
    *(_DAY, _MONTH, r"\d{1,4}(?:st|nd|rd|th)?", r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?", r"[ap]\.?m\.?"),
    *(r"gmt|utc|ist|bst|e[sd]t|p[sd]t|cet|et|z|t", r"at|on|of|ago|an?", r"(?:hour|minute|day|hr|min)s?"),
)
_STAMP = re.compile(
    r"(?:(?:last |first )?(?:updated|published|posted|modified|created)(?: on| at)?:?\s?)*"
    rf"(?:{_TIME}(?:[\s,|/·:-]+|$|\.$|(?<=\d)(?=[ap]m))){{2,14}}",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d.*\d|\d.*\bago\b", re.IGNORECASE)

_BY = re.compile(
    r"\(?(?i:(?:story|words|text) by|(?:additional |further )?(?:reporting|writing|editing)(?: and writing)?"
    r" by|(?:written|edited|reported|compiled) by|by)\s+(?P<who>.+?)[.)]*"
)
_NO_AUTHOR = re.compile(
    rf"{_DAY}|{_MONTH}|noon|midnight|nightfall|dawn|then|now|contrast|comparison", re.IGNORECASE
)
_BY_WORDS = frozenset(
    _list("and in for of the at de da van von der bin al el la our a staff reporter reporters correspondent")
    + _list(
        "correspondents writer editor editors desk bureau chief news agencies additional reporting writing"
    )
    + _list("editing by with from")
)
_CONTRIBUTED = re.compile(
    rf"{_NAMES}(?:,? .{{0,80}})? contributed (?:to this (?:report|story|article)|reporting)"
    r"(?: (?:from|in) [A-Z][\w ,]{0,40})?\.?"
)
_DESK = re.compile(
    r"(?:(?:our |web |online )?staff (?:writer|reporter|correspondent)|correspondent|news desk|newsroom"
    r"|\w+ (?:staff|desk))\.?",
    re.IGNORECASE,
)
_SIGNATURE = rf"(?:[A-Z]{{2,12}}|{_AGENCY})"
_TAG = re.compile(
    rf"[(\[]{_SIGNATURE}(?:[/-]{_SIGNATURE})*[)\]]\.?|(?:[-–—]{{1,2}}\s?)?{_AGENCY}(?:/{_SIGNATURE})*\.?"
)
# "SEOUL, June 18 (Yonhap) --" before the first sentence
DATELINE = re.compile(
    r"[A-Z][A-Z .'/-]{2,30}(?:, [A-Z][\w ,.]{0,30})? ?"
    r"\((?:[A-Z][\w.-]{1,14}(?:/[A-Z]\w{0,14})?|Thomson Reuters Foundation)\) ?[-–—]{1,2}"
)
_FIGURE = re.compile(r"[\d.,:%'+/–-]*\d[\d.,:%'+/–-]*")


def is_credit(text: str) -> bool:
    """Whether a sentence ends in, or is, the credit of a picture."""
    return any(pattern.search(text) for pattern in _CREDITS)


def is_bare_credit(text: str) -> bool:
    """Whether a sentence is a credit with no caption before it."""
    return len(text.split()) <= 12 and any((m := p.search(text)) and m.start() == 0 for p in _CREDITS)


def is_link_heading(text: str) -> bool:
    """Whether links to other articles follow, such as "Related stories"."""
    return _LINK_HEADING.fullmatch(text) is not None


def is_comment_form(text: str) -> bool:
    """Whether the page's comment form begins here."""
    return _FORM.match(text) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a sentence belongs to the website: links, prompts, buttons, notices."""
    if len(text.split()) > MAX_WORDS:
        return False
    if is_link_heading(text) or _CONTROL.fullmatch(text) or _NOTICE.search(text) or _is_share_bar(text):
        return True
    return not _REPORTED.search(text) and bool(_PROMPT.search(text) or _LINK.fullmatch(text))


def _is_share_bar(text: str) -> bool:
    words = re.findall(r"[\w-]+", text.lower())
    shared = [word for word in words if not word.isdigit()]
    return bool(shared) and not text.endswith((".", "!", "?")) and all(word in _SHARE_BAR for word in shared)


def is_byline(text: str) -> bool:
    """Whether a sentence says who wrote or sent the article, where or when, and nothing else."""
    if len(text.split()) > MAX_WORDS:
        return False
    if any(pattern.fullmatch(text) for pattern in (_TAG, _DESK, DATELINE, _CONTRIBUTED)):
        return True
    if _STAMP.fullmatch(text) and _DATED.search(text):
        return True
    by = _BY.fullmatch(text)
    return by is not None and _is_authors(by["who"], capitals=text.isupper())


def _is_authors(who: str, *, capitals: bool) -> bool:
    """Names, places and offices only: a lower-case word that is none of them makes it a sentence."""
    words = re.findall(r"[\w.'@-]+", who)
    if not words or not (words[0][0].isalpha() or words[0][0] == "@") or _NO_AUTHOR.fullmatch(words[0]):
        return False
    if capitals:
        return len(words) <= 5
    return all(word in _BY_WORDS or word[0].isupper() or word[0] == "@" or word.isdigit() for word in words)


def is_table_row(text: str) -> bool:
    """Whether a line is names and figures in columns, such as a score or a league table."""
    tokens = text.replace("|", " ").split()
    figures = sum(_FIGURE.fullmatch(token) is not None for token in tokens)
    return 2 <= len(tokens) <= 20 and 3 * figures >= len(tokens) and not text.endswith((".", "!", "?"))
