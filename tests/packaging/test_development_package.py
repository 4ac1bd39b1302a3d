"""A job module built outside the tree by find_package(Rota), and run by the worker.

On the files that the build installs, or with ROTA_PACKAGE_ROOT on those that the Debian
packages unpacked there hold."""

import os
import pathlib
import shutil
import subprocess

import pytest

PACKAGES = os.environ.get("ROTA_PACKAGE_ROOT")
SANITIZE = os.environ.get("ROTA_SANITIZE")


@pytest.fixture(scope="module", name="prefix")
def installed_prefix(tmp_path_factory):
    """Where include/rota and the CMake package are."""
    if PACKAGES:
        return pathlib.Path(PACKAGES, "usr")
    prefix = tmp_path_factory.mktemp("installed")
    build = pathlib.Path(os.environ["ROTA_BIN"]).parent
    subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--component", "development"], check=True,
                   stdout=subprocess.DEVNULL)
    return prefix


def copy_skeleton(prefix, directory):
    """The job to start from, as its user copies it."""
    skeleton = (prefix / "share/doc/rota-dev/examples/job-skeleton" if PACKAGES
                else pathlib.Path(os.environ["ROTA_SOURCE"], "packaging/job-skeleton"))
    return shutil.copytree(skeleton, directory / "project")


@pytest.fixture(name="project")
def copied_skeleton(tmp_path, prefix):
    return copy_skeleton(prefix, tmp_path)


def configure(project, prefix):
    return subprocess.run(
        ["cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
         f"-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wconversion -Werror {'-fsanitize=' + SANITIZE if SANITIZE else ''}"],
        check=False, capture_output=True, text=True)


@pytest.fixture(scope="module", name="build")
def built_skeleton(tmp_path_factory, prefix):
    """The build directory of the job, with count_lines.so."""
    project = copy_skeleton(prefix, tmp_path_factory.mktemp("outside"))
    configured = configure(project, prefix)
    assert configured.returncode == 0, configured.stderr
    built = subprocess.run(["cmake", "--build", project / "build"], check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return project / "build"


def worker(*arguments):
    program = pathlib.Path(PACKAGES, "usr/bin/rota-worker") if PACKAGES else pathlib.Path(
        os.environ["ROTA_BIN"], "rota-worker")
    return subprocess.run([program, *arguments], check=False, capture_output=True, text=True)


def test_module_from_outside_runs_in_the_worker(build, tmp_path):
    counted = tmp_path / "three.txt"
    counted.write_text("one\ntwo\nthree\n", encoding="utf-8")
    run = worker("count_lines", "--module", build / "count_lines.so", "--param", f"file={counted}")
    assert run.returncode == 0, run.stderr
    assert f"{counted} has 3 lines" in run.stderr


def test_failure_of_a_module_from_outside_is_one_of_the_worker(build, tmp_path):
    run = worker("count_lines", "--module", build / "count_lines.so", "--param", f"file={tmp_path}/absent")
    assert run.returncode == 1
    assert "absent: cannot be read" in run.stderr


def test_module_exports_its_entry_point_and_nothing_of_rota(build):
    symbols = subprocess.run(["nm", "-D", "--defined-only", "-C", build / "count_lines.so"], check=True,
                             capture_output=True, text=True).stdout.splitlines()
    names = [line.split(maxsplit=2)[2] for line in symbols]
    assert "rota_module_entry" in names
    assert not [name for name in names if name.startswith("rota::")]


def test_module_installs_where_rotad_looks(build, tmp_path):
    subprocess.run(["cmake", "--install", build], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DESTDIR": str(tmp_path / "root")})
    assert (tmp_path / "root/usr/lib/rota/jobs/count_lines.so").is_file()


@pytest.mark.parametrize("call", ["rota_add_job_module(wrong)", "rota_add_job_module(wrong count_lines.cc)"])
def test_module_without_sources_is_refused_with_the_usage(project, prefix, call):
    with open(project / "CMakeLists.txt", "a", encoding="utf-8") as file:
        file.write(call + "\n")
    configured = configure(project, prefix)
    assert configured.returncode != 0
    assert "expected NAME SOURCES" in " ".join(configured.stderr.split())


def test_version_that_is_not_there_is_refused(project, prefix):
    file = project / "CMakeLists.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("find_package(Rota 0.1", "find_package(Rota 0.9"),
                    encoding="utf-8")
    configured = configure(project, prefix)
    assert configured.returncode != 0
    assert "0.9" in configured.stderr
