"""A small made-up form export: 24 reports in four half-years, about three things and the rest."""

import csv
import fcntl
import shutil
from datetime import date, timedelta
from pathlib import Path

from pipeline.config import load_settings
from pipeline.run import Plan, Silence, run
from pipeline.study import Study, create_study

_RENT = [
    "Vuokra nousi taas ja perhe joutui muuttamaan halvempaan asuntoon kesken kouluvuoden.",
    "Vuokranantaja korotti vuokraa, eikä yksinhuoltajan palkka enää riitä asumiseen.",
    "Vuokrarästi johti häätöön ja perhe asuu nyt sukulaisen sohvalla.",
    "Pariskunta pelkää vuokran korotusta ja häätöä, asuntoa halvemmalla ei löydy.",
    "Nuori jätti vuokran maksamatta, koska palkka myöhästyi, ja sai häätöuhkan.",
    "Häätö uhkaa kolmea perhettä samassa talossa vuokrien nousun vuoksi.",
]
_QUEUE = [
    "Lastenpsykiatrian jono on yli puoli vuotta ja lapsen tilanne pahenee kotona.",
    "Nuori odotti psykiatrian aikaa seitsemän kuukautta ja lopetti koulun.",
    "Jono psykiatriselle sairaanhoitajalle kasvaa, aikuiset jäävät ilman apua.",
    "Äiti kertoi soittaneensa psykiatrian jonoon viikoittain, aikaa ei tullut.",
    "Mielenterveyspalvelujen jonot ovat pidentyneet ja kiireelliset eivät pääse läpi.",
    "Psykiatrian poliklinikka palautti lähetteen kolmannen kerran, jono jatkuu.",
]
_APP = [
    "Iäkäs mies ei saanut varattua aikaa, koska sovellus vaatii uuden puhelimen.",
    "Hyvinvointisovellus kaatui ja vanhus jäi ilman kuljetusta lääkäriin.",
    "Asiakas ei osaa käyttää sovellusta eikä puhelinpalvelu vastaa.",
    "Uusi sovellus sulkee ulos ne, joilla ei ole älypuhelinta.",
]
_REST = [
    "Yhteinen vastaanotto Kelan kanssa toimi hyvin ja lyhensi käsittelyä.",
    "Perhetyö on auttanut väsynyttä äitiä, kiitos nopeasta avusta.",
    "Kotihoidon ruokapalvelu lopetettiin ja kuljetukset loppuivat kylältä.",
    "Päihdekuntoutujan jatkohoito katkesi, kun maksusitoumusta ei myönnetty.",
    "Opiskelija on yksinäinen eikä tunne paikkakunnalta ketään.",
    "Vammaisen lapsen avustaja vaihtui viidesti vuoden aikana.",
    "Työttömän kuntouttava työtoiminta päättyi ilman jatkosuunnitelmaa.",
    "Maahanmuuttajaperhe ei saanut tulkkia neuvolan käynnille.",
]
_AREAS = ("Vuolinna", "Harjukoski", "Kiviranta")
_GROUPS = ("tyoikaiset", "lapset-nuoret-perheet", "ikaantyneet")
COLUMNS = ("report_id", "date", "area", "client_groups", "valence", "observation", "proposal")
N_REPORTS = 24
QUICK = '[embed]\nencoder = "hashing"\n\n[cluster]\nn_runs = 20\n'
"""Settings of a small study: no model to load, and no more clusterings than 24 reports want."""


def rows() -> list[dict[str, str]]:
    """Return the reports, one dict of cells each; one of them names a person."""
    texts = [*_RENT, *_QUEUE, *_APP, *_REST]
    made = []
    for i, text in enumerate(texts):
        half_year, day = divmod(i % 12, 3)
        start = date(2023 + half_year // 2, 1 + 6 * (half_year % 2), 5)
        observation = f"{text} Tilanne {i + 1} on tiedossa. {texts[(i * 5) % len(texts)]}"
        if i == 7:
            observation += " Matti Virtanen soitti numerosta 040 123 4567."
        made.append(
            {
                "report_id": f"R{i + 1:02d}",
                "date": (start + timedelta(days=20 * day + i)).strftime("%d.%m.%Y"),
                "area": ";".join(_AREAS[i % 3 : i % 3 + 1 + i % 2]),
                "client_groups": _GROUPS[i % 3],
                "valence": "positiivinen"
                if "hyvin" in text or "kiitos" in text
                else "negatiivinen",
                "observation": observation,
                "proposal": "Lisää asuntoja ja aikoja pitäisi saada." if i % 2 else "",
            }
        )
    return made


def write_export(path: Path, chosen: list[dict[str, str]]) -> Path:
    """Write reports as a semicolon-separated file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(chosen)
    return path


def small_study(folder: Path) -> Study:
    """Make a study of the 24 reports with a fixed secret and the encoder that needs no model."""
    study = create_study(folder)
    study.secret_file.write_text("5e" * 32 + "\n", encoding="ascii")
    write_export(study.inputs / "raportit.csv", rows())
    study.settings_file.write_text(QUICK, encoding="utf-8")
    return study


def finish(study: Study) -> Study:
    """Run every stage of a study."""
    run(study, load_settings(study.settings_file), Plan(), Silence())
    return study


def shared_study(folder: Path) -> Study:
    """Return the finished small study that all processes of a test session share in a folder.

    The first one that asks runs it, behind a lock; the others wait and read.
    """
    root = folder / "finished-study"
    with (folder / "finished-study.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            finish(small_study(folder / "unfinished-study")).root.rename(root)
    return Study(root)


def copy_study(study: Study, folder: Path) -> Study:
    """Copy a study to a folder that is not there yet."""
    return Study(Path(shutil.copytree(study.root, folder)))
