"""`rota check`: what it shows of jobs and what it says of faults, without a supervisor."""

import json
import os
import pathlib
import subprocess

import pytest

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")
MODULES = os.path.join(os.environ["ROTA_LIB"], "test-modules")
FROM = "2026-03-28T00:00:00Z"

CONFIGURATION = """
[supervisor]
zone = "Europe/Brussels"
module_directories = []
[http.jwt]
secret_file = "secret"
[groups.disk]
limit = 2
[jobs.nightly]
command = ["/bin/true"]
schedule = "30 2 * * *"
group = "disk"
"""


@pytest.fixture
def directory(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("an-example-secret-of-more-than-32-bytes")
    secret.chmod(0o600)
    (tmp_path / "jobs.d").mkdir()
    (tmp_path / "modules").mkdir()
    configure(tmp_path)
    return tmp_path


def configure(directory, more="", modules="modules"):
    text = CONFIGURATION.replace("module_directories = []", f'module_directories = ["{modules}"]')
    (directory / "rota.toml").write_text(text + more)


def check(directory, *arguments, status=0, **environment):
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ROTA_")}
    result = subprocess.run([ROTA, "check", "--from", FROM, *map(str, arguments)], capture_output=True, text=True,
                            env={**inherited, "ROTA_CONFIG": str(directory / "rota.toml"), **environment})
    assert result.returncode == status, result.stderr
    return result


def test_a_job_is_shown_with_its_canonical_schedule_and_next_occurrences(directory):
    # On the 29th the clock goes from 02:00 to 03:00.
    result = check(directory)
    assert result.stdout == """nightly
  30 2 * * * in Europe/Brussels
  2026-03-28T02:30:00+01:00
  2026-03-29T03:30:00+02:00
  2026-03-30T02:30:00+02:00
"""
    assert result.stderr == ""


def test_json_says_the_same(directory):
    (directory / "jobs.d" / "a.toml").write_text('[jobs.by_hand]\nshell = "x"\n')
    assert json.loads(check(directory, "--json").stdout) == [
        {"name": "by_hand", "schedule": None, "after": [], "on": "success", "next": []},
        {"name": "nightly", "schedule": "30 2 * * * in Europe/Brussels", "after": [], "on": "success",
         "next": ["2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"]}]


def test_times_can_be_shown_in_utc(directory):
    assert check(directory, "--utc").stdout.splitlines()[2:] == [
        f"  2026-03-{day}T01:30:00+00:00" if day != 30 else "  2026-03-30T00:30:00+00:00" for day in (28, 29, 30)]


def test_a_job_shows_after_which_jobs_it_runs(directory):
    (directory / "jobs.d" / "a.toml").write_text(
        '[jobs.by_hand]\nshell = "x"\n[jobs.late]\nshell = "x"\nafter = ["nightly", "by_hand"]\non = "always"\n')
    assert "late\n  after nightly, by_hand on always\n" in check(directory).stdout
    late = json.loads(check(directory, "--json").stdout)[1]
    assert (late["after"], late["on"]) == (["nightly", "by_hand"], "always")


def test_jobs_of_modules_and_job_files_are_shown(directory):
    configure(directory, modules=MODULES)
    (directory / "jobs.d" / "a.toml").write_text('[jobs.p_sleeps]\nschedule = "every monday at 02:00 in UTC"\n')
    shown = {job["name"]: job for job in json.loads(check(directory, "--json").stdout)}
    assert {"nightly", "p_sleeps", "t_sleeps"} <= set(shown)
    assert shown["p_sleeps"]["next"][0] == "2026-03-30T02:00:00+00:00"


def test_a_spread_moves_the_occurrences_that_are_shown(directory):
    (directory / "jobs.d" / "a.toml").write_text("".join(
        f'[jobs.{name}]\nshell = "x"\nschedule = "every hour in UTC"\nspread = "30 minutes"\n' for name in "ab"))
    shown = {job["name"]: job["next"] for job in json.loads(check(directory, "--json").stdout)}
    assert shown["a"] != shown["b"]
    for name in "ab":
        minutes = {occurrence[14:19] for occurrence in shown[name]}
        assert len(minutes) == 1 and minutes.pop() < "30:00"
        assert [occurrence[11:13] for occurrence in shown[name]] == ["00", "01", "02"]


def test_a_delay_after_each_run_has_no_occurrences_of_its_own(directory):
    (directory / "jobs.d" / "a.toml").write_text('[jobs.again]\nshell = "x"\nschedule = "10 minutes after finish"\n')
    shown = {job["name"]: job for job in json.loads(check(directory, "--json").stdout)}
    assert shown["again"]["next"] == []
    assert shown["again"]["schedule"].startswith("10 minutes after finish")


def test_the_jobs_directory_can_come_from_the_environment(directory):
    (directory / "other").mkdir()
    (directory / "other" / "a.toml").write_text('[jobs.elsewhere]\nshell = "x"\n')
    assert "elsewhere" in check(directory, ROTA_JOBS_DIRECTORY=str(directory / "other")).stdout


@pytest.mark.parametrize("text, said", [
    ('[jobs.a]\nshell = "x"\nafter = ["a"]\n', "a → a"),
    ('[jobs.a]\nshell = "x"\nafter = ["nightyl"]\n', "did you mean nightly?"),
    ('[jobs.nobody]\ntimeout = "1 m"\n', "no module registers"),
    ('[jobs.a]\nshell = "x"\ngroup = "disc"\n', "did you mean disk?"),
    ('[jobs.a]\nshel = "x"\n', "did you mean shell?"),
    ('[jobs.nightly]\nshell = "x"\n', "rota.toml:9 already"),
])
def test_faults_are_told_on_standard_error_alone(directory, text, said):
    file = directory / "jobs.d" / "a.toml"
    file.write_text(text)
    for arguments in [], [file]:
        result = check(directory, *arguments, status=1)
        assert said in result.stderr and result.stdout == "" and "a.toml:" in result.stderr


def test_what_a_terminal_would_obey_is_not_in_what_is_said_of_a_fault(directory):
    file = directory / "new.toml"
    file.write_text('[jobs.new]\nshell = "x"\nschedule = "every \\u001b[2J day"\n')
    result = check(directory, file, status=1)
    assert "jobs.new.schedule" in result.stderr and "\033" not in result.stderr


def test_a_module_that_cannot_be_loaded_is_a_fault(directory):
    (directory / "modules" / "broken.so").write_text("no module")
    assert "broken.so" in check(directory, status=1).stderr


def test_a_job_file_is_checked_before_it_is_put_into_place(directory):
    file = directory / "new.toml"
    file.write_text('[jobs.new]\nshell = "x"\nschedule = "@daily"\nafter = ["nightly"]\ngroup = "disk"\n')
    shown = json.loads(check(directory, "--json", file).stdout)
    assert [job["name"] for job in shown] == ["new"]
    # The file of its name is what it would replace.
    (directory / "jobs.d" / "new.toml").write_text('[jobs.new]\nshell = "broken\n')
    check(directory, file)


@pytest.mark.parametrize("configuration", [None, "[supervisor]\nthreads = 0\n"])
def test_without_a_usable_configuration_a_job_file_is_checked_alone(directory, configuration):
    (directory / "rota.toml").unlink()
    if configuration:
        (directory / "rota.toml").write_text(configuration)
    file = directory / "new.toml"
    file.write_text('[jobs.new]\nschedule = "@daily"\nafter = ["other"]\ngroup = "any"\n')
    result = check(directory, file)
    assert result.stdout.startswith("new\n")
    assert result.stderr.count("\n") == 1 and "rota.toml" in result.stderr
    file.write_text('[jobs.new]\nschedul = "@daily"\n')
    assert "did you mean schedule?" in check(directory, file, status=1).stderr
    file.write_text('[jobs.new]\nafter = ["old"]\n[jobs.old]\nafter = ["new"]\n')
    assert "new → old → new" in check(directory, file, status=1).stderr


def test_a_configuration_is_no_job_file(directory):
    assert "--config" in check(directory, directory / "rota.toml", status=1).stderr


@pytest.mark.parametrize("arguments", [["--from", "soon"], ["--nonsense"]])
def test_a_wrong_command_line_ends_with_2(directory, arguments):
    result = subprocess.run([ROTA, "check", *arguments], capture_output=True, text=True)
    assert result.returncode == 2 and result.stdout == "" and result.stderr
