"""Markdown and plain text of a story: all of it, nothing else, and text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from service.stories.models import Actor, Citation, Conflict, CopyGroup, Position, Story, TimelineEntry
from service.stories.rendering.markdown import escaped, markdown
from service.stories.rendering.plain import WIDTH, plain
from service.stories.rendering.view import View, printable
from tests.api.fakes import story_of
from tests.newsroom import article

POST, RADIO = "Ferries ran again on Monday.", "The ferries were back on Tuesday."
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def bare_story(*texts: str, source: str | None = None) -> Story:
    return story_of(
        [article(t, source or name) for t, name in zip(texts, ("Harbour Post", "Valley Radio"), strict=False)]
    )


@pytest.fixture
def story() -> Story:
    """Two articles that disagree and copy each other."""
    told = bare_story(POST, RADIO)
    first, second = told.merged_facts
    ids = tuple(a.article_id for a in told.articles)
    positions = tuple(
        Position(value=value, merged_fact_ids=(fact.merged_fact_id,), article_ids=fact.article_ids)
        for value, fact in (("2024-06-17", first), ("2024-06-18", second))
    )
    days = tuple(
        TimelineEntry(
            date=position.value,
            text=text,
            merged_fact_ids=position.merged_fact_ids,
            article_ids=position.article_ids,
            conflict_ids=("conflict_x",),
        )
        for position, text in zip(positions, ("Monday", "Tuesday"), strict=True)
    )
    actor = Actor(
        name="Nordvik Lines",
        kind="organisation",
        merged_fact_ids=(first.merged_fact_id, second.merged_fact_id),
        speaker_of=(second.merged_fact_id,),
        article_ids=ids,
    )
    return told.model_copy(
        update={
            "conflicts": (
                Conflict(conflict_id="conflict_x", about="when: ran", type="disputed", positions=positions),
            ),
            "timeline": days,
            "actors": (actor,),
            "copies": (CopyGroup(article_ids=ids, overlap=0.4, passages=()),),
        }
    )


class TestWhole:
    def test_markdown(self, story: Story) -> None:
        assert markdown(story) == (
            "Ferries ran again on Monday.[^1] · The ferries were back on Tuesday.[^2] ·\n\n"
            "· in an article's own words\n\n"
            "## Where the reports differ\n\n"
            "**when: ran** (the reports disagree)\n\n"
            "- 2024-06-17, reported by Harbour Post: Ferries ran again on Monday.[^1]\n"
            "- 2024-06-18, reported by Valley Radio: The ferries were back on Tuesday.[^2]\n\n"
            "## Timeline\n\n"
            '- **2024-06-17**, "Monday" (the reports differ): Ferries ran again on Monday.[^1]\n'
            '- **2024-06-18**, "Tuesday" (the reports differ): The ferries were back on Tuesday.[^2]\n\n'
            "## People, organisations and places\n\n"
            "- **Nordvik Lines**, organisation, in 2 facts; states: The ferries were back on Tuesday.[^2]\n\n"
            "## Copies\n\n"
            "- Harbour Post and Valley Radio share 40% of their text and count as one source.\n\n"
            "2 articles: 4 drafts = 2 kept + 0 duplicates + 2 rejected. Read by fake with attest 0.\n\n"
            '[^1]: Harbour Post, 2024-06-18, characters 0 to 28: "Ferries ran again on Monday."\n'
            '[^2]: Valley Radio, 2024-06-18, characters 0 to 33: "The ferries were back on Tuesday."\n'
        )

    def test_plain_text_says_the_same(self, story: Story) -> None:
        words = re.sub(r"\[\^?\d+\]|[-#*:\s]", "", markdown(story)).lower()
        assert re.sub(r"\[\d+\]|[-:\s]|NOTES", "", plain(story)).lower() == words

    def test_plain_text_is_wrapped_and_has_its_notes(self, story: Story) -> None:
        told = plain(story)
        assert told.endswith(
            '[2] Valley Radio, 2024-06-18, characters 0 to 33: "The ferries were back on Tuesday."\n'
        )
        assert all(len(line) <= WIDTH for line in told.splitlines())
        assert "\nTIMELINE\n" in told

    def test_what_is_empty_is_left_out(self) -> None:
        told = markdown(bare_story(POST))
        assert "##" not in told
        assert told.startswith("Ferries ran again on Monday.[^1]")

    def test_every_reference_has_its_note_and_every_note_its_reference(self, story: Story) -> None:
        body, _, notes = markdown(story).partition("\n[^1]: ")
        assert sorted(set(re.findall(r"\[\^(\d+)\]", body))) == re.findall(
            r"^\[\^(\d+)\]:", "[^1]: " + notes, re.M
        )

    def test_long_lists_are_cut_and_counted(self, story: Story) -> None:
        (actor,) = story.actors
        many = tuple(actor.model_copy(update={"name": f"Line {n}"}) for n in range(15))
        entry = story.timeline[0].model_copy(
            update={"merged_fact_ids": tuple(m.merged_fact_id for m in story.merged_facts) * 3}
        )
        told = markdown(story.model_copy(update={"actors": many, "timeline": (entry,)}))
        assert "- and 3 more\n" in told
        assert " And 3 more." in told


class TestOutlets:
    def test_two_articles_of_one_outlet_are_told_apart(self) -> None:
        told = View(bare_story(POST, RADIO, source="Harbour Post"))
        assert list(told.outlets.values()) == ["Harbour Post (article 1)", "Harbour Post (article 2)"]

    def test_an_article_without_a_source_is_counted(self) -> None:
        told = View(story_of([article(POST, None)]))
        assert list(told.outlets.values()) == ["article 1"]

    def test_a_day_that_is_not_known_is_left_out(self) -> None:
        told = markdown(story_of([article(POST, "Harbour Post", published_at=None)]))
        assert "[^1]: Harbour Post, characters 0 to 28:" in told


HOSTILE = (
    "# Heading", "1. item", "12) item", "- item", "+ item", "> quote", "* item", "---", "===", "***",
    "[link](http://x.example)", "![image](http://x.example/a.png)", "[^1]: note", "[^1]",
    "[a]: http://x.example", "<script>alert(1)</script>", "<http://x.example>", "&lt;b&gt;", "&copy;",
    "`code`", "``a ` b``", "~~gone~~", "**bold** _it_ __b__", "a|b\n-|-\nc|d", "    indented", "\\*not\\*",
    "$x$", "http://x.example/`a`", "www.x.example", "me@x.example", "a\n\nb", "a\n# b", "a\u2028b", "x  \ny",
    "\\", "a\\", "`", ":::note", "% note", "==mark==",
)  # fmt: skip


class TestText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_text_is_shown_as_it_is(self, text: str) -> None:
        assert shown(escaped(text)) == printable(text)

    @settings(max_examples=300, deadline=None)
    @given(st.text(st.sampled_from("ab1 .\n\\`*_{}[]()#+-!|<>~&:;$^=@/\"'%w"), max_size=40))
    @example("www.`a``b`")
    def test_no_text_becomes_markup(self, text: str) -> None:
        assert shown(escaped(text)) == printable(text)
        assert shown(f"**{escaped('a' + text)}** is") == "a" + printable("a" + text)[1:] + " is"

    @pytest.mark.parametrize("text", [t for t in HOSTILE if "x.example" in t])
    def test_an_address_is_set_as_code(self, text: str) -> None:
        outside = "".join(t.content for t in inline(escaped(text)) if t.type == "text")
        assert not re.search(r"://|www\.|@", outside)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_story_of_hostile_text_keeps_its_shape(self, text: str) -> None:
        hostile = bare_story(text.strip() or "x", source=text)
        told = markdown(hostile)
        kinds = [t.type for t in READER.parse(told) if t.type != "inline"]
        assert set(kinds) <= {"paragraph_open", "paragraph_close"}
        assert len(re.findall(r"^\[\^\d+\]: ", told, re.M)) == 1

    @pytest.mark.parametrize("render", [markdown, plain])
    def test_no_control_character_gets_through(self, render: object) -> None:
        assert callable(render)
        told = render(
            bare_story("A train \x1b]0;owned\x07left\x00 on \u202eMonday.", source="\x1b[2J\u200bPost")
        )
        assert all(c.isprintable() or c == "\n" for c in told)
        assert "A train ]0;ownedleft on Monday." in told.replace("\\", "")

    def test_a_quote_over_several_lines_stays_in_its_note(self) -> None:
        told = markdown(bare_story("Ferries ran\n\n# again\non Monday."))
        assert '"Ferries ran \\# again on Monday."\n' in told


def inline(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield from token.children or ()


def shown(text: str) -> str:
    """The characters a reader sees, when there is nothing but text, code, and emphasis of our own."""
    blocks = {t.type for t in READER.parse(text)}
    assert blocks <= {"paragraph_open", "inline", "paragraph_close"}, blocks
    pieces = list(inline(text))
    kinds = {t.type for t in pieces if t.type not in {"strong_open", "strong_close"}}
    assert kinds <= {"text", "code_inline"}, kinds
    assert sum(t.type == "strong_open" for t in pieces) == text.startswith("**")
    return "".join(t.content for t in pieces)


def test_a_place_is_quoted_by_its_offsets() -> None:
    told = bare_story(POST)
    place = Citation(article_id=told.articles[0].article_id, start=8, end=17)
    assert View(told).quote(place) == "ran again"
