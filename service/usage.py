"""What was spent, stage by stage.

Comes in: the usage of single calls. Goes out: `StoryUsage`. Promises: stages add up to the total;
thread-safe, since remote questions run side by side.
"""

from __future__ import annotations

import threading

from service.backends.base import Usage
from service.stories.models import StoryUsage


class Meter:
    """Adds usage up."""

    def __init__(self) -> None:
        self._stages: dict[str, Usage] = {}
        self._lock = threading.Lock()

    def add(self, stage: str, usage: Usage) -> None:
        with self._lock:
            self._stages[stage] = self._stages.get(stage, Usage()) + usage

    def include(self, usage: StoryUsage) -> None:
        """Everything of another account, stage by stage."""
        for stage, spent in usage.stages.items():
            self.add(stage, spent)

    def read(self) -> StoryUsage:
        """Totals and stages so far."""
        with self._lock:
            stages = dict(self._stages)
        total = sum(stages.values(), Usage())
        return StoryUsage(**total.model_dump(), stages=stages)
