"""Runs clang-tidy on the sources named on standard input, two at a time.

A source is skipped when its preprocessed text, its flags and the rules are those
with which it was last found clean; the stamps lie in BUILD/tidy.
usage: tidy_changed.py BUILD
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

TIDY = "clang-tidy-16"


def stamp_of(entry, rules):
    command = shlex.split(entry["command"])
    compiler = [word for word in command if "ccache" not in word]
    out = compiler.index("-o")
    preprocess = compiler[:out] + compiler[out + 2 :] + ["-E"]
    text = subprocess.run(preprocess, cwd=entry["directory"], capture_output=True)
    if text.returncode != 0:
        return None
    digest = hashlib.sha256()
    for part in (rules, " ".join(compiler).encode(), text.stdout):
        digest.update(part)
    return digest.hexdigest()


def check(build, entry, rules, stamps):
    stamp = stamp_of(entry, rules)
    mark = stamps / stamp if stamp else None
    if mark and mark.exists():
        return True, ""
    result = subprocess.run([TIDY, "-quiet", "-p", build, entry["file"]], capture_output=True, text=True)
    if result.returncode == 0 and mark:
        mark.touch()
    return result.returncode == 0, f"{entry['file']}\n{result.stdout or result.stderr}"


def main():
    build = sys.argv[1]
    wanted = {os.path.abspath(line.strip()) for line in sys.stdin}
    entries = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    files = [pathlib.Path(".clang-tidy"), *sorted(pathlib.Path(".").glob("*/.clang-tidy"))]
    rules = b"".join(file.read_bytes() for file in files)
    stamps = pathlib.Path(build, "tidy")
    stamps.mkdir(exist_ok=True)
    # What is built for several programs is read once.
    jobs = list({entry["file"]: entry for entry in reversed(entries) if os.path.abspath(entry["file"]) in wanted}.values())
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for clean, output in pool.map(lambda entry: check(build, entry, rules, stamps), jobs):
            if not clean:
                failed += 1
                print(output)
    print(f"clang-tidy: {len(jobs)} files, {failed} with findings")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
