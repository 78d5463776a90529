"""The whole path on one screen: articles -> facts -> story.

    read (text/) -> ask (prompting/, backends/) -> judge (facts/) -> merge, compare, tell (stories/)

Comes in: articles and settings. Goes out: `ArticleFacts`, `Verdict`s, a `Story`. Promises: an input
that cannot be read is listed in `skipped` and costs the others nothing; every call to a model is in
`usage`; the same path offline and against a server.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property

from service import __version__
from service.asking.asker import Asker
from service.backends.base import Backend
from service.backends.build import build_backend
from service.backends.checkup import Checkup
from service.backends.weights import locate
from service.deciding import Decider
from service.errors import AttestError, InputError
from service.examining import checkup
from service.extracting import Extractor
from service.facts.models import Verdict
from service.facts.reading import ParsedArticle
from service.facts.support import check_statements
from service.intake import Intake
from service.progress import Progress, silent
from service.prompting.templates import Prompt, PromptLibrary
from service.resources import data_dir
from service.settings import PARSER, Settings
from service.stories.account import account
from service.stories.checking import SummaryGate
from service.stories.models import ArticleFacts, PromptId, Provenance, Skipped, Story, StoryOptions
from service.stories.parts import THE_STORY, as_given, readings
from service.stories.plan import plan
from service.stories.wording import outlet_names
from service.stories.written import story_id_of
from service.text.article import Article
from service.text.parsing import Parser
from service.usage import Meter
from service.writing import Writer

REPAIR = "repair_statement"
SAME = "same_fact"
READING = ("extract_facts", REPAIR)
WORDS_A_SENTENCE = 6  # the shortest worth telling
OFF = "off"  # as a version: `--prompt repair_statement=off`


class Attest:
    """Parser, prompts and backend of one configuration, each opened when first needed. Thread-safe."""

    def __init__(
        self, settings: Settings, *, backend: Backend | None = None, parser: Parser | None = None
    ) -> None:
        self.settings = settings
        self._opening = threading.RLock()
        if backend is not None:
            self.backend = backend
        if parser is not None:
            self.parser = parser

    @cached_property
    def backend(self) -> Backend:
        with self._opening:
            return self.__dict__.get("backend") or build_backend(self.settings)

    @cached_property
    def parser(self) -> Parser:
        with self._opening:
            return self.__dict__.get("parser") or Parser(
                self.settings.parser_path or locate(PARSER, self.settings.models_dir)
            )

    @cached_property
    def _intake(self) -> Intake:
        return Intake(self.settings, self.parser)

    @cached_property
    def prompts(self) -> PromptLibrary:
        with self._opening:
            return self.__dict__.get("prompts") or PromptLibrary(
                self.settings.prompts_dir or data_dir("prompts")
            )

    def facts(self, article: Article, *, progress: Progress = silent) -> ArticleFacts:
        """The facts of one article. Raises InputError, BackendError, PromptError or ModelFileError."""
        return self._extracted(self._intake.read(article), progress)

    def check(self, article: Article, statements: Sequence[str]) -> list[Verdict]:
        """Whether the article supports each statement. No model is asked."""
        return check_statements(self._intake.read(article), statements, self.parser)

    def story(
        self, articles: Sequence[Article], options: StoryOptions | None = None, *, progress: Progress = silent
    ) -> Story:
        """One account of several articles. Raises InputError when none of them can be read."""
        parsed, skipped = self._intake.read_all(articles, progress)
        return self._told(parsed, self._all_extracted(parsed, progress), options, skipped, progress)

    def tell(
        self,
        read: Sequence[ArticleFacts],
        options: StoryOptions | None = None,
        *,
        skipped: Sequence[Skipped] = (),
        progress: Progress = silent,
    ) -> Story:
        """One account of articles that were read before, in the order given. Nothing is read again.

        Raises InputError when a fact's evidence is not what its article says.
        """
        parsed = [self._intake.read(as_given(found.article)) for found in read]
        return self._told(parsed, read, options, skipped, progress)

    def add(
        self,
        story: Story,
        articles: Sequence[Article],
        options: StoryOptions | None = None,
        *,
        progress: Progress = silent,
    ) -> Story:
        """The same story with more articles: the new ones are read, then all is merged again.

        The result is that of reading all of them at once; `usage` holds what the new ones cost. Raises
        InputError when none of the new articles can be read, or when another model or prompt read the story.
        """
        self._refuse_another_reader(story)
        parsed, skipped = self._intake.read_all(
            articles, progress, known=[a.article_id for a in story.articles]
        )
        new = self._all_extracted(parsed, progress)
        return self.tell(
            [*readings(story), *new], options or story.options, skipped=skipped, progress=progress
        )

    def ready(self) -> dict[str, str]:
        """Component -> "ok" or what is wrong with it. Loads and asks nothing."""
        state: dict[str, str] = {}
        for name, look in (
            ("backend", lambda: self.backend),
            ("parser", lambda: self.parser),
            ("prompts", self.prompts_ok),
        ):
            try:
                look()
                state[name] = "ok"
            except AttestError as error:
                state[name] = str(error)
        return state

    def checkup(self) -> Checkup:
        """Proof, with canaries, of all that reading relies on. Asks the model; takes seconds."""
        return checkup(
            lambda: self.backend,
            lambda: self.parser,
            self.prompts_in_use,
            window_tokens=self.settings.window_tokens,
        )

    def prompts_ok(self) -> None:
        """Raises PromptError or NotFound when a prompt in use cannot be loaded."""
        self.prompts_in_use()

    def prompts_in_use(self) -> tuple[Prompt, ...]:
        """One a task. Raises PromptError or NotFound."""
        same = self._optional_prompt(SAME, self.backend.profile.same_prompt)
        found = (self._prompt("extract_facts"), self._repair_prompt(), same, self._prompt("write_summary"))
        return tuple(prompt for prompt in found if prompt)

    @property
    def asks_again_what_is_refused(self) -> bool:
        """Whether also a refused draft is asked for once more, and not only what broke off."""
        if self._repair_prompt() is None:
            return False
        return self.backend.profile.repair_refused or REPAIR in self.settings.prompts

    def close(self) -> None:
        if "backend" in self.__dict__:
            self.backend.close()

    # -- parts ------------------------------------------------------------------------------------

    def _extracted(self, article: ParsedArticle, progress: Progress) -> ArticleFacts:
        meter = Meter()
        extractor = self._extractor(meter, progress)
        found = extractor.extract(article)
        return ArticleFacts(
            article=article.source.as_read(),
            facts=found.facts,
            rejected=found.rejected,
            ledger=found.entry,
            usage=meter.read(),
            provenance=self._provenance(extractor.prompt, extractor.repair_prompt),
        )

    def _all_extracted(self, parsed: Sequence[ParsedArticle], progress: Progress) -> list[ArticleFacts]:
        found = []
        for number, article in enumerate(parsed, start=1):
            name = article.source.article.title or article.source.article_id
            progress("article", number, len(parsed), name)
            found.append(self._extracted(article, progress))
        return found

    def _told(
        self,
        parsed: Sequence[ParsedArticle],
        read: Sequence[ArticleFacts],
        options: StoryOptions | None,
        skipped: Sequence[Skipped],
        progress: Progress,
    ) -> Story:
        """`parsed` and `read`: the same articles in the same order."""
        options = options or StoryOptions()
        meter = Meter()
        for found in read:
            meter.include(found.usage)
        facts = tuple(fact for found in read for fact in found.facts)
        decide = self._decider(meter, progress)
        merged = account(
            facts, [found.article for found in read], self.parser, decide.answers if decide else None
        )
        prompt = self._prompt("write_summary")
        writer = Writer(
            backend=self.backend,
            prompt=prompt,
            gate=SummaryGate({a.source.article_id: a for a in parsed}, self.parser),
            facts={fact.fact_id: fact for fact in facts},
            outlets=outlet_names([found.article for found in read]),
            meter=meter,
            progress=progress,
        )
        words = options.summary_words
        sentences = options.summary_sentences if words is None else words // WORDS_A_SENTENCE + 1
        summary = writer.write(plan(merged.merged_facts, merged.conflicts, sentences, merged.near), words)
        body = Story(
            story_id="",
            articles=tuple(found.article for found in read),
            facts=facts,
            rejected=tuple(r for found in read for r in found.rejected),
            ledger=tuple(found.ledger for found in read),
            merged_facts=merged.merged_facts,
            copies=merged.copies,
            conflicts=merged.conflicts,
            summary=summary,
            timeline=merged.timeline,
            actors=merged.actors,
            skipped=tuple(skipped),
            options=options,
            usage=meter.read(),
            provenance=self._provenance(*self.prompts_in_use()),
        )
        return body.model_copy(update={"story_id": story_id_of(body.model_dump(mode="json"))})

    def _refuse_another_reader(self, story: Story) -> None:
        """Facts of two models in one story could not be traced to who read them."""
        now = self._provenance(self._prompt("extract_facts"), self._repair_prompt())
        for what, before, after in (
            ("model", story.provenance.model, now.model),
            ("model file", story.provenance.model_sha256, now.model_sha256),
            *(
                (f"prompt {task}", before.version, now.prompts[task].version if task in now.prompts else None)
                for task, before in story.provenance.prompts.items()
                if task in READING and before != now.prompts.get(task)
            ),
        ):
            if before != after:
                raise InputError(
                    f"it was read with another {what} ({before}, now {after}); choose that one again, "
                    "or read all of its articles anew",
                    where=THE_STORY,
                )

    def _extractor(self, meter: Meter, progress: Progress) -> Extractor:
        return Extractor(
            backend=self.backend,
            prompt=self._prompt("extract_facts"),
            parser=self.parser,
            meter=meter,
            window_tokens=self.settings.window_tokens,
            repair_prompt=self._repair_prompt(),
            repair_refused=self.asks_again_what_is_refused,
            progress=progress,
        )

    def _decider(self, meter: Meter, progress: Progress) -> Decider | None:
        """None when nobody is asked whether two facts are one."""
        prompt = self._optional_prompt(SAME, self.backend.profile.same_prompt)
        if prompt is None or not self.backend.profile.answers:
            return None
        return Decider(Asker(self.backend, meter), prompt, progress)

    def _prompt(self, task: str) -> Prompt:
        profile = self.backend.profile
        usual = {"extract_facts": profile.extract_prompt, "write_summary": profile.summary_prompt}
        return self.prompts.get(task, self.settings.prompts.get(task, usual[task]))

    def _repair_prompt(self) -> Prompt | None:
        """None when nothing is asked again."""
        return self._optional_prompt(REPAIR, self.backend.profile.repair_prompt)

    def _optional_prompt(self, task: str, usual: str | None) -> Prompt | None:
        """None when it is switched off; also with prompts of one's own that have none for the task."""
        asked_for = self.settings.prompts.get(task)
        if asked_for is None and task not in self.prompts.tasks():
            return None
        version = asked_for or usual
        return None if version in {None, OFF} else self.prompts.get(task, str(version))

    def _provenance(self, *prompts: Prompt | None) -> Provenance:
        return Provenance(
            backend=self.backend.name,
            model=self.backend.model,
            model_sha256=self.backend.model_sha256,
            prompts={p.task: PromptId(version=p.version, sha256=p.sha256) for p in prompts if p},
            attest_version=__version__,
        )


def open_attest(settings: Settings) -> Attest:
    """An `Attest` for these settings; nothing is loaded yet."""
    return Attest(settings)
