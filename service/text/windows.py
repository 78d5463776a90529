"""What of an article is shown to a model at once.

Comes in: sentences in reading order, a budget in tokens and the backend's own way to count. Goes out:
windows, each a run of whole sentences. Promises: every sentence stands in exactly one window, in
order; a window fits the budget unless it is a single sentence that alone does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.text.reading import SourceSentence


def windows(
    sentences: Sequence[SourceSentence], budget_tokens: int, count_tokens: Callable[[str], int]
) -> list[tuple[SourceSentence, ...]]:
    """Runs of `sentences` of at most `budget_tokens` each.

    `count_tokens` is called once a sentence, with its reading. Tokens of sentences are added up: a
    tokenizer may merge across the seam, so a window can turn out smaller than counted, not larger.
    """
    found: list[tuple[SourceSentence, ...]] = []
    window: list[SourceSentence] = []
    left = budget_tokens
    for sentence in sentences:
        tokens = count_tokens(sentence.text)
        if window and tokens > left:
            found.append(tuple(window))
            window, left = [], budget_tokens
        window.append(sentence)
        left -= tokens
    return [*found, tuple(window)] if window else found
