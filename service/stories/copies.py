"""Which articles share text word for word.

Comes in: read articles. Goes out: copy groups with the offsets of every shared passage. Promises:
every passage is the same words on both sides; the order of the articles changes nothing.

Words are folded (case, accents, quotation marks) and only body sentences are read, so captions,
bylines and boilerplate are no copies. A passage is a maximal run of at least `SHINGLE_WORDS` equal
words of which at least as many stand outside quotation marks: two outlets that carry the same quoted
words share a source, not a text. Eight words is the length at which two writers about one event
hardly ever agree by chance; names with their offices reach five or six.

The index of shingles is exact: one look-up a word, so the work grows with the length of the texts
and with the passages that are shared. MinHash would save nothing at the sizes that attest accepts
in one story and would lose the offsets, which have to be found exactly anyway.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from service.facts.names import fold_word
from service.stories.linking import components
from service.stories.models import CopyGroup, Passage, PassagePair
from service.text.article import ReadArticle
from service.text.cleaning import fold

SHINGLE_WORDS = 8
# One shared passage of an agency may stand in two reports that are otherwise independent; a text that
# shares a twelfth of its words, or shares words in several places, was written from the other or from
# the same third text.
MIN_OVERLAP = 1 / 12
MIN_PASSAGES = 3

_WORD = re.compile(r"\w+(?:[.'&]\w+)*")
_QUOTATION = re.compile(r'"[^"\n]{2,}"')
# The same shingle in more places than this is a formula ("did not immediately respond to a request
# for comment"), not a copy; it also keeps the number of comparisons linear.
MAX_PLACES = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word of a body sentence and where it stands in the original. `run` numbers the
    stretches of body text between which something else stands.
    """

    folded: str
    start: int
    end: int
    run: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """Words `[left, left + length)` of one article are words `[right, right + length)` of another."""

    left: int
    right: int
    length: int


def copy_groups(articles: Sequence[ReadArticle]) -> tuple[CopyGroup, ...]:
    """Groups of articles that copy one another, or one another's source; sorted by article ids.

    Two articles belong together when the passages they share make up `MIN_OVERLAP` of the smaller
    one's own words, or when they share `MIN_PASSAGES` of them; groups are connected components.
    """
    words = {a.article_id: body_words(a) for a in sorted(articles, key=lambda a: a.article_id)}
    links: dict[tuple[str, str], tuple[float, list[PassagePair]]] = {}
    for (left, right), found in sorted(_shared(words).items()):
        passages = list(_maximal(words[left], words[right], found))
        overlap = _overlap(words[left], words[right], passages)
        if passages and (overlap >= MIN_OVERLAP or len(passages) >= MIN_PASSAGES):
            pairs = [_pair(left, right, words, passage) for passage in passages]
            links[left, right] = (overlap, pairs)
    return tuple(_group(members, links) for members in sorted(tuple(sorted(m)) for m in components(links)))


def body_words(article: ReadArticle) -> tuple[Word, ...]:
    """The folded words of the body sentences, in reading order."""
    reading = fold(article.text)
    starts = [s.start for s in article.sentences]
    quotations = [m.span() for m in _QUOTATION.finditer(reading.text)]
    found: list[Word] = []
    run, previous = 0, -1
    for match in _WORD.finditer(reading.text):
        start, end = reading.span(*match.span())
        index = bisect_right(starts, start) - 1
        if index < 0 or article.sentences[index].role != "body" or not (word := fold_word(match[0])):
            continue
        if any(article.sentences[i].role != "body" for i in range(previous + 1, index)):
            run += 1
        previous = index
        at = bisect_right(quotations, (match.start(), len(reading.text))) - 1
        quoted = at >= 0 and match.start() < quotations[at][1]
        found.append(Word(word, start, end, run, quoted))
    return tuple(found)


def _shared(words: Mapping[str, tuple[Word, ...]]) -> dict[tuple[str, str], set[tuple[int, int]]]:
    """For every two articles the pairs of positions at which the same shingle begins."""
    places: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for article_id, text in words.items():
        for at in range(len(text) - SHINGLE_WORDS + 1):
            if text[at].run == text[at + SHINGLE_WORDS - 1].run:
                places[tuple(w.folded for w in text[at : at + SHINGLE_WORDS])].append((article_id, at))
    found: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for where in places.values():
        if 1 < len(where) <= MAX_PLACES:
            for (left, i), (right, j) in combinations(where, 2):
                if left != right:
                    found[left, right].add((i, j))
    return found


def _maximal(left: Sequence[Word], right: Sequence[Word], found: set[tuple[int, int]]) -> Iterator[Shared]:
    """Join adjacent shingles; keep the runs that are long enough outside quotation marks."""
    taken = 0
    for i, j in sorted(found):
        if (i - 1, j - 1) in found or i < taken:
            continue
        length = SHINGLE_WORDS
        while (i + length - SHINGLE_WORDS + 1, j + length - SHINGLE_WORDS + 1) in found:
            length += 1
        own = sum(not (left[i + k].quoted or right[j + k].quoted) for k in range(length))
        if own >= SHINGLE_WORDS:
            taken = i + length
            yield Shared(i, j, length)


def _overlap(left: Sequence[Word], right: Sequence[Word], passages: Sequence[Shared]) -> float:
    """Share of the smaller text's unquoted words that stand in the passages, 0 to 1."""
    sizes = [sum(not w.quoted for w in text) for text in (left, right)]
    spans = [[(p.left, p.length) for p in passages], [(p.right, p.length) for p in passages]]
    small = 0 if sizes[0] <= sizes[1] else 1
    text = (left, right)[small]
    covered = {at + k for at, length in spans[small] for k in range(length) if not text[at + k].quoted}
    return round(len(covered) / max(1, sizes[small]), 4)


def _pair(left: str, right: str, words: Mapping[str, tuple[Word, ...]], passage: Shared) -> PassagePair:
    def stretch(article_id: str, at: int) -> Passage:
        text = words[article_id]
        return Passage(article_id=article_id, start=text[at].start, end=text[at + passage.length - 1].end)

    return PassagePair(left=stretch(left, passage.left), right=stretch(right, passage.right))


def _group(
    members: tuple[str, ...], links: Mapping[tuple[str, str], tuple[float, list[PassagePair]]]
) -> CopyGroup:
    inside = [links[pair] for pair in combinations(members, 2) if pair in links]
    return CopyGroup(
        article_ids=members,
        overlap=max(overlap for overlap, _ in inside),
        passages=tuple(pair for _, pairs in inside for pair in pairs),
    )
