"""What tokens are made of in tests: claims that open, and pairs of keys."""

import subprocess

END = 4102444800
GOOD = {"sub": "x", "scope": "read", "aud": "rota", "iss": "rota", "exp": END}
KEY_KINDS = {"RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
             "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def key_pair(directory, algorithm):
    """A new one: the text of the private key, and the file of the public one."""
    private, public = directory / f"{algorithm}.pem", directory / f"{algorithm}-public.pem"
    subprocess.run(["openssl", "genpkey", *KEY_KINDS[algorithm], "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private.read_text(), public
