"""Tokens of other libraries at the door of the real rotad, and `rota token`. Hostile ones: test_forged_tokens.py."""

import datetime
import json
import os
import subprocess

import jwt
import pytest
import requests

from supervisor.token.signing import GOOD, KEY_KINDS, key_pair
from system.daemon_under_test import SECRET, Daemon, token

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with Daemon(tmp_path_factory.mktemp("daemon")) as running:
        yield running


def status(daemon, text):
    return requests.get(f"http://127.0.0.1:{daemon.port}/scheduler/jobs", headers={"Authorization": f"Bearer {text}"},
                        timeout=30).status_code


def now(**delta):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)


@pytest.mark.parametrize("text, expected", [
    (token(), 200),
    (token(aud=["other", "rota"]), 200),
    (token(scope="run"), 403),
    (token(scope=""), 403),
    (token(exp=None), 401),
    (token(exp=now(hours=-1)), 401),
    (token(nbf=now(hours=1)), 401),
    (jwt.encode(GOOD, "another secret, and a long one at that", algorithm="HS256"), 401),
])
def test_only_a_good_token_opens(daemon, text, expected):
    assert status(daemon, text) == expected


@pytest.mark.parametrize("algorithm", KEY_KINDS)
def test_a_public_key_opens_to_what_its_private_key_signs(tmp_path, algorithm):
    private, public = key_pair(tmp_path, algorithm)
    daemon = Daemon(tmp_path)
    text = daemon.configuration.read_text()
    daemon.configuration.write_text(text.replace('"HS256"', f'"{algorithm}"').replace('secret_file = "secret"',
                                                                                     f'public_key_file = "{public}"'))
    with daemon:
        assert status(daemon, jwt.encode(GOOD, private, algorithm=algorithm)) == 200
        assert status(daemon, token()) == 401


def test_rota_token_mints_what_other_libraries_read(daemon):
    result = subprocess.run([ROTA, "token", "--sub", "me", "--scope", "read", "--expires", "1h", "--config",
                             daemon.configuration], capture_output=True, text=True, check=True)
    minted = result.stdout.strip()
    assert jwt.decode(minted, SECRET, algorithms=["HS256"], audience="rota", issuer="rota")["sub"] == "me"
    assert status(daemon, minted) == 200


def test_rota_token_tells_when_its_token_ends(daemon):
    result = subprocess.run([ROTA, "token", "--sub", "me", "--scope", "run read admin", "--json", "--secret-file",
                             daemon.directory / "secret"], capture_output=True, text=True, check=True)
    answer = json.loads(result.stdout)
    claims = jwt.decode(answer["token"], SECRET, algorithms=["HS256"], audience="rota", issuer="rota")
    assert datetime.datetime.fromisoformat(answer["expires_at"]).timestamp() == claims["exp"]


@pytest.mark.parametrize("arguments, text", [
    (["--sub", "me"], "rota.toml"),
    (["--sub", "me", "--secret-file", "/no/such/file"], "/no/such/file"),
    (["--scope", "run"], "--sub"),
    (["--sub", "me", "--expires", "soon", "--secret-file", "SECRET"], "--expires"),
    (["--sub", "me", "--scope", "run!", "--secret-file", "SECRET"], "--scope"),
    (["--sub", "me", "--scope", "run raed", "--secret-file", "SECRET"], "did you mean read?"),
    (["--sub", "me", "--secret-file", "/etc/passwd"], "chmod"),
    (["--sub", "me", "--scope", "read write", "--secret-file", "SECRET"], "read, run and admin"),
    (["--sub", "me", "--scope", " ", "--secret-file", "SECRET"], "--scope"),
    (["--sub", "", "--secret-file", "SECRET"], "--sub"),
])
def test_rota_token_says_what_is_wrong(daemon, arguments, text):
    arguments = [str(daemon.directory / "secret") if word == "SECRET" else word for word in arguments]
    environment = {**os.environ, "ROTA_CONFIG": "/no/such/rota.toml"}
    result = subprocess.run([ROTA, "token", *arguments], capture_output=True, text=True, env=environment)
    assert result.returncode == 2 and text in result.stderr and result.stdout == ""
