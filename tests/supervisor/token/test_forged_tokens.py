"""The attacks of RFC 8725 and others, each at the door of the real HTTP server. In brackets the section.

Every forgery differs from a token that opens in the one thing that it is about.
"""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest

from supervisor.http.http_under_test import SECRET, Servers, assert_problem
from supervisor.token.signing import END, GOOD, KEY_KINDS, key_pair

HEADER = {"alg": "HS256", "typ": "JWT"}


def part(value):
    """base64url of RFC 7515 of bytes, text or JSON."""
    if not isinstance(value, (bytes, str)):
        value = json.dumps(value)
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else value.encode()).rstrip(b"=").decode()


def mac(message, secret=SECRET):
    return hmac.new(secret if isinstance(secret, bytes) else secret.encode(), message.encode(), hashlib.sha256).digest()


def signed(claims=GOOD, header=HEADER, secret=SECRET):
    message = f"{part(header)}.{part(claims)}"
    return f"{message}.{part(mac(message, secret))}"


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


def also(text):
    """The good claims as text, with more members behind them."""
    return json.dumps(GOOD)[:-1] + ", " + text + "}"


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("door"), with_tokens=True) as servers:
        yield servers
        assert servers.process.poll() is None
        assert opens(servers, signed())


def answer(door, token, scheme="Bearer"):
    return door.ask_tcp("GET", "/scheduler/status", headers={"Authorization": f"{scheme} {token}"})


def opens(door, token):
    return answer(door, token).status == 200


def refuse(door, token):
    refused = answer(door, token)
    assert_problem(refused, 401)
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "none ", "", "null", "HS256\x00none", None, 0, [], ["HS256"], {}])
@pytest.mark.parametrize("signature", ["", "AAAA", "good"])
def test_no_algorithm_is_none(door, algorithm, signature):  # [2.1, 3.1]
    header = {"alg": algorithm, "typ": "JWT"}
    message = f"{part(header)}.{part(GOOD)}"
    refuse(door, message + "." + (part(mac(message)) if signature == "good" else signature))


@pytest.mark.parametrize("header", [{}, {"typ": "JWT"}, {"Alg": "HS256"}, {"ALG": "HS256"}, "[]", "null", "\"HS256\"", "", "{", "{}{}"])
def test_a_header_that_names_no_algorithm_is_refused(door, header):  # [3.1]
    refuse(door, signed(header=header))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_right_secret_by_another_algorithm_is_refused(door, algorithm):  # [3.1]
    refuse(door, jwt.encode(GOOD, SECRET, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256", "EdDSA", "HS384", "hs256"])
def test_a_good_signature_under_another_name_is_refused(door, algorithm):  # [2.1, 3.1]
    refuse(door, signed(header={"alg": algorithm, "typ": "JWT"}))


@pytest.mark.parametrize("secret", ["", "secret", SECRET[:-1], SECRET + "\n", SECRET + "x", SECRET.upper()])
def test_another_secret_is_refused(door, secret):  # [2.2, 3.5]
    refuse(door, signed(secret=secret))


@pytest.mark.parametrize("change", ["", "A", "A" * 43, "=", "short", "long", "half", "hexadecimal", "ascii"])
def test_a_signature_that_is_none_is_refused(door, change):  # [2.4, 3.3]
    message, _, good = signed().rpartition(".")
    digest = mac(message)
    signature = {"short": part(digest[:-1]), "long": part(digest + b"\x00"), "half": part(digest[:16]),
                 "hexadecimal": digest.hex(), "ascii": good + "!"}.get(change, change)
    refuse(door, f"{message}.{signature}")


def test_claims_that_were_changed_under_a_signature_are_refused(door):  # [3.3]
    header, _, signature = signed().split(".")
    refuse(door, f"{header}.{part({**GOOD, 'scope': 'read run admin'})}.{signature}")
    refuse(door, f"{part({**HEADER, 'typ': 'jwt'})}.{part(GOOD)}.{signature}")


@pytest.mark.parametrize("audience", [None, "", "rot", "Rota", "rota ", "rota/", ["other"], [], {}, {"rota": 1}, 1, True,
                                      [["rota"]], "rota,other"])
def test_a_token_for_another_audience_is_refused(door, audience):  # [2.7, 3.9]
    refuse(door, signed({**GOOD, "aud": audience}))
    refuse(door, signed(without("aud")))


@pytest.mark.parametrize("issuer", [None, "", "other", "ROTA", "rota\u0000", "https://rota", 1, {}])
def test_a_token_from_another_issuer_is_refused(door, issuer):  # [2.8, 3.8]
    refuse(door, signed({**GOOD, "iss": issuer}))
    refuse(door, signed(without("iss")))


@pytest.mark.parametrize("end", [1, 0, -1, int(time.time()) - 60, -1e308, 1e-300])
def test_a_token_that_has_expired_is_refused(door, end):
    refuse(door, signed({**GOOD, "exp": end}))


def test_a_token_without_an_end_is_refused(door):
    refuse(door, signed(without("exp")))


@pytest.mark.parametrize("end", ["null", "true", "[4102444800]", "{}", "\"4102444800\"", "\"never\"", "NaN", "Infinity",
                                 "1e400", "9223372036854775808", "1" + "0" * 400, "0x7fffffff", "+4102444800", "04102444800"])
def test_an_end_that_is_no_number_is_refused(door, end):
    claims = json.dumps(without("exp"))[:-1]
    refuse(door, signed(f'{claims}, "exp": {end}}}'))


@pytest.mark.parametrize("start", [END, END - 1, 1e300, 9223372036854775807, "0", None, True, [], {}])
def test_a_token_that_begins_in_the_future_or_never_is_refused(door, start):
    refuse(door, signed({**GOOD, "nbf": start}))


def test_an_end_in_the_far_future_is_no_more_than_an_end(door):
    for end in (253402300799, 9223372036854775807, 1e300):
        assert opens(door, signed({**GOOD, "exp": end}))
        refuse(door, signed({**GOOD, "exp": end, "nbf": END}))


@pytest.mark.parametrize("length", [6145, 8000, 100000])
def test_a_token_that_is_huge_is_refused(door, length):
    refused = answer(door, signed({**GOOD, "x": "y" * length}))
    assert refused.status in (401, 431)


@pytest.mark.parametrize("deep", ["[", "[" * 40 + "]" * 40, "[" * 1500 + "]" * 1500, '{"a":' * 300 + "1" + "}" * 300])
@pytest.mark.parametrize("place", ["header", "claims"])
def test_json_that_is_deep_is_refused(door, deep, place):
    if place == "claims":
        refuse(door, signed(also(f'"x": {deep}')))
    else:
        text = f'{{"alg": "HS256", "crit": {deep}}}'
        refuse(door, signed(header=text))


@pytest.mark.parametrize("first, last, expected", [
    ('"exp": 1', '"exp": 4102444800', 200), ('"exp": 4102444800', '"exp": 1', 401),
    ('"aud": "other"', '"aud": "rota"', 200), ('"aud": "rota"', '"aud": "other"', 401),
])
def test_of_claims_that_come_twice_only_the_last_counts(door, first, last, expected):  # RFC 7519, section 4
    assert answer(door, signed(also(first + ", " + last))).status == expected


@pytest.mark.parametrize("header", ['{"alg": "HS256", "alg": "none"}', '{"alg": "none", "alg": "RS256"}'])
def test_of_algorithms_that_come_twice_only_the_last_counts(door, header):
    refuse(door, signed(header=header))


@pytest.mark.parametrize("token", [
    "", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "." * 200, "=.=.=", "!!!.???.***", "é.é.é",
    "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJIUzI1NiJ9..", ".e30.", "bnVsbA.bnVsbA.bnVsbA",
])
def test_what_is_no_token_is_refused(door, token):
    assert_problem(answer(door, token.encode().decode("latin-1")), 401)


@pytest.mark.parametrize("change", [
    lambda token: token.replace(".", "=.", 1), lambda token: token.replace(".", "..", 1), lambda token: token + ".",
    lambda token: "." + token, lambda token: token + "." + token, lambda token: token.replace("e", "%65", 1),
    lambda token: token[:20] + "\t" + token[20:], lambda token: token[:20] + " " + token[20:], lambda token: token[:20] + "!" + token[20:],
    lambda token: token.upper(), lambda token: token.split(".", 1)[1], lambda token: f"'{token}'", lambda token: f'"{token}"',
])
def test_a_token_that_is_written_otherwise_is_refused(door, change):
    assert_problem(answer(door, change(signed())), 401)


@pytest.mark.parametrize("claims", ["", "[]", "null", "7", '"x"', "{", "{}", "{}{}", '{"exp": 4102444800}', "\ufeff{}", b"\xff\xfe",
                                    also('"x": "\\u0000"'), also('"\\ud800": 1')])
def test_claims_that_are_none_are_refused(door, claims):
    refuse(door, signed(claims))


@pytest.mark.parametrize("critical", [["exp"], [], ["b64"], "exp", {}, True])
def test_extensions_that_must_be_understood_are_refused(door, critical):  # RFC 7515, section 4.1.11
    refuse(door, signed(header={**HEADER, "crit": critical, "b64": False}))


@pytest.mark.parametrize("header", [
    {"jwk": {"kty": "oct", "k": part("evil")}}, {"jku": "https://evil.example.org/keys"}, {"x5u": "https://evil.example.org/x"},
    {"x5c": ["AAAA"]}, {"kid": "../../../../dev/null"}, {"kid": "' OR 1=1 --"}, {"kid": "|/bin/true"}, {"kid": "/dev/null"},
])
@pytest.mark.parametrize("secret", ["evil", ""])
def test_a_key_that_the_token_brings_or_names_is_not_used(door, header, secret):  # [2.9, 2.10, 3.10]
    refuse(door, signed(header={**HEADER, **header}, secret=secret))
    assert opens(door, signed(header={**HEADER, **header}))


def test_an_encrypted_token_is_refused(door):  # [2.3]
    header = part({"alg": "dir", "enc": "A256GCM"})
    refuse(door, f"{header}..{part('twelve bytes')}.{part(GOOD)}.{part('0123456789abcdef')}")
    refuse(door, signed(signed(), header={**HEADER, "cty": "JWT"}))


@pytest.mark.parametrize("scope", ["READ", "read,run", "reads", "*", ["read"], {"read": True}, None, 1, ""])
def test_a_scope_that_is_not_the_word_gives_nothing(door, scope):
    assert_problem(answer(door, signed({**GOOD, "scope": scope})), 403, "read")


@pytest.mark.parametrize("scheme", ["Basic", "Token", "JWT", "Bearer Bearer", "Bearer,", "Bearer=", "bearer\t", ""])
def test_another_scheme_is_refused(door, scheme):
    assert_problem(answer(door, signed(), scheme), 401)


@pytest.fixture(scope="module", params=KEY_KINDS)
def public_door(request, tmp_path_factory):
    """A server that knows a public key: with the algorithm, the private key and the file of the public one."""
    directory = tmp_path_factory.mktemp(request.param)
    private, public = key_pair(directory, request.param)
    with Servers(directory, public_key=(request.param, public)) as servers:
        assert opens(servers, jwt.encode(GOOD, private, algorithm=request.param))
        yield servers, request.param, private, public
        assert opens(servers, jwt.encode(GOOD, private, algorithm=request.param))


@pytest.mark.parametrize("form", [
    lambda pem: pem, lambda pem: pem.rstrip(b"\n"), lambda pem: pem.replace(b"\n", b"\r\n"),
    lambda pem: b"".join(pem.splitlines()[1:-1]), lambda pem: base64.b64decode(b"".join(pem.splitlines()[1:-1])),
])
def test_a_public_key_is_no_secret(public_door, form):  # [2.1]
    servers, _, _, public = public_door
    for algorithm in ("HS256", "HS384", "HS512"):
        refuse(servers, signed(header={"alg": algorithm}, secret=form(public.read_bytes())))


def test_a_public_key_does_without_no_algorithm(public_door):  # [2.1]
    servers, algorithm, _, _ = public_door
    for name in ("none", "None", "", algorithm.lower(), algorithm):
        for signature in ("", "A", part(b"\x00" * 64), part(b"\x00" * 256), part(b"\x30\x06\x02\x01\x00\x02\x01\x00")):
            refuse(servers, f"{part({'alg': name})}.{part(GOOD)}.{signature}")


def test_a_token_signed_by_another_key_or_for_another_kind_of_key_is_refused(public_door, tmp_path):  # [3.1, 3.10]
    servers, algorithm, private, _ = public_door
    for other in KEY_KINDS:
        theirs, _ = key_pair(tmp_path, other)
        known = jwt.get_algorithm_by_name(other)
        embedded = json.loads(known.to_jwk(known.prepare_key(theirs)))
        refuse(servers, jwt.encode(GOOD, theirs, algorithm=other, headers={"jwk": embedded, "kid": "good"}))
    for name in {"RS256": ("RS384", "RS512", "PS256"), "ES256": ()}[algorithm]:
        refuse(servers, jwt.encode(GOOD, private, algorithm=name))
