"""`run_pip` against a stand-in for pip: a script that is started just as pip would be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from service.backends.package_index import run_pip
from service.errors import ModelFileError


def command(tmp_path: Path, script: str) -> tuple[str, str]:
    file = tmp_path / "fake_pip.py"
    file.write_text(script, "utf-8")
    return sys.executable, str(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder


def test_pip_is_told_to_download_one_wheel_and_nothing_else(tmp_path: Path, folder: Path) -> None:
    script = "import pathlib, sys; a = sys.argv[1:]\n"
    script += "pathlib.Path(a[a.index('-d') + 1], 'arguments').write_text('\\n'.join(a))"
    run_pip("tiny==1.0", folder, lambda _: None, command=command(tmp_path, script))
    arguments = (folder / "arguments").read_text("utf-8").splitlines()
    assert arguments[0] == "download"
    assert arguments[-1] == "tiny==1.0"
    assert {"--no-deps", "--only-binary=:all:", "--no-binary=:none:"} <= set(arguments)


def test_temporary_files_go_beside_the_wheel(tmp_path: Path, folder: Path) -> None:
    script = "import pathlib, tempfile; (pathlib.Path(tempfile.gettempdir()) / 'here').touch()"
    run_pip("tiny==1.0", folder, lambda _: None, command=command(tmp_path, script))
    assert (folder / "here").exists()


def test_bytes_are_reported_while_they_arrive(tmp_path: Path, folder: Path) -> None:
    seen: list[int] = []
    script = "import pathlib, sys; a = sys.argv[1:]\n"
    script += "d = pathlib.Path(a[a.index('-d') + 1])\n"
    script += "for name in ('unfinished', 'tiny.whl'): (d / name).write_bytes(bytes(1000))"
    run_pip("tiny==1.0", folder, seen.append, command=command(tmp_path, script))
    assert seen[-1] == 1000
    assert seen == sorted(seen)


def test_what_pip_says_is_not_shown_when_it_succeeds(
    tmp_path: Path, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = "import sys; print('Looking in links'); print('WARNING: location', file=sys.stderr)"
    run_pip("tiny==1.0", folder, lambda _: None, command=command(tmp_path, script))
    assert capfd.readouterr() == ("", "")


def test_the_last_lines_of_a_pip_that_fails_are_shown(tmp_path: Path, folder: Path) -> None:
    script = "import sys\nfor n in range(20): print('line', n)\nprint()\nsys.exit('ERROR: no such package')"
    with pytest.raises(ModelFileError) as caught:
        run_pip("tiny==1.0", folder, lambda _: None, command=command(tmp_path, script))
    assert caught.value.message == (
        "pip could not download tiny==1.0 (exit code 1): "
        "line 16 / line 17 / line 18 / line 19 / ERROR: no such package"
    )


def test_ctrl_c_ends_pip_too(tmp_path: Path, folder: Path) -> None:
    script = "import pathlib, signal, sys; a = sys.argv[1:]\n"
    script += "pathlib.Path(a[a.index('-d') + 1], 'started').touch(); signal.pause()"

    def interrupt(_: int) -> None:
        if (folder / "started").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_pip("tiny==1.0", folder, interrupt, command=command(tmp_path, script))
