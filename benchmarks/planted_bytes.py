"""Search every byte of a study for planted personal data, after all that can be done with it.

Run ``python benchmarks/planted_bytes.py [--n 200]``. The planted strings come from Faker
(:mod:`pii_sentences`). The study is run, killed ten times, run to its end, trained, asked for
sheets, reported to every audience (pages, decks and Word texts), exchanged, archived, opened in
the workbench and purged; then every file is searched, inside zips, tables and databases too
(``tests/byte_search.py``). What the finder missed stands in the safe text and is counted apart: of
what it did find, nothing may stand anywhere.
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from byte_search import places_of
from kills import go, kill_once
from offline import havainto
from pii_sentences import make_sentences
from small_export import finish, rows, small_study, write_export

from pipeline.artifacts import Store
from pipeline.workbench.desk import Desk

from pipeline.config import load_settings  # isort: skip

SEED = 7


def plant(n: int) -> tuple[list[dict[str, str]], list[str]]:
    """Return the small export's rows with planted sentences, and the planted strings."""
    made, planted = rows(), dict[str, None]()
    sentences = iter(make_sentences(4 * n, SEED))
    at = 0
    while len(planted) < n:
        sentence = next(sentences)
        new = [sentence.text[start:end] for start, end, _ in sentence.gold]
        if new:
            field = "proposal" if at % 3 == 0 else "observation"
            row = made[at % len(made)]
            row[field] = f"{row[field]} {sentence.text}".strip()
            planted |= dict.fromkeys(new)
            at += 1
    return made, list(planted)[:n]


def use(study, out: Path) -> None:
    """Do all that commands do with a study."""
    rng = random.Random(SEED)
    go(study)
    for _ in range(10):
        kill_once(study, rng.uniform(0.5, 8))
    go(study)
    ids = Store(study).read("reports")["report_id"].tolist()
    codings = "".join(f"{one},{theme},Eero\n" for one, theme in zip(
        ids[:6], ("asuminen", "toimeentulo") * 3, strict=True))  # fmt: skip
    (study.human / "codings.csv").write_text(f"report_id,theme_id,coder\n{codings}")
    havainto("review", study.root, "--export", study.root / "arvio.xlsx", check=None)
    havainto("review", study.root, "--export", study.root / "sokko.xlsx", "--blind", check=None)
    havainto("train", study.root, check=None)
    go(study)
    havainto("report", study.root, "--for", "units,director,public")
    shutil.copytree(study.report, out / "yleisot")  # what comes later makes the report anew
    assert {path.name for path in study.report.iterdir()} >= {
        "report.docx", "units.html", "units.docx", "director.pptx", "director.docx",
        "public.html", "public.docx",
    }  # fmt: skip
    havainto("exchange", study.root, "--export", out / "vienti.qdpx", check=None)
    havainto("exchange", study.root, "--export", out / "taulut", check=None)
    havainto("archive", study.root, "--out", out / "arkisto", check=None)
    (out / "status.txt").write_text(havainto("status", study.root, check=None))
    Desk(study, load_settings(study.settings_file), "Aino")
    havainto("run", study.root, "--purge-raw", check=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="planted strings")
    parser.add_argument("--where", action="store_true", help="list the files that hold any")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made, planted = plant(2 * args.n)
        # A short name may be a syllable of the program's own words: such ones would prove nothing.
        own = {one for one, _ in places_of(planted, finish(small_study(Path(folder) / "own")).root)}
        planted = [one for one in planted if one not in own][: args.n]
        study, out = small_study(Path(folder) / "study"), Path(folder) / "out"
        out.mkdir()
        write_export(study.inputs / "raportit.csv", made)
        use(study, out)
        assert not study.has_raw
        in_inputs = {one for one, _ in places_of(planted, study.inputs)}
        safe = Store(study).read("reports")
        text = "\n".join([*safe["observation"], *safe["proposal"]]).casefold()
        missed = [one for one in planted if one.casefold() in text]
        hidden = [one for one in planted if one not in missed]
        found = places_of(hidden, study.root, leave=("inputs",)) | places_of(hidden, out)
        left = [path.name for path in study.root.rglob("*.part")]
        n_files = sum(path.is_file() for path in Path(folder).rglob("*"))
    print(f"{len(planted)} planted ({len(in_inputs)} found in the form export, as they should be); "
          f"the finder missed {len(missed)}; of the other {len(hidden)}, "
          f"{len({one for one, _ in found})} stand in a file of {n_files}; "
          f"{len(left)} files left half-written")  # fmt: skip
    if args.where:
        print(*sorted({where for _, where in found}), *missed, sep="\n")


if __name__ == "__main__":
    main()
