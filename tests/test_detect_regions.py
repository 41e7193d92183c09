"""What rises in one region is found there, and 22 lists claim no more than one."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.detect.detect import DetectConfig
from pipeline.detect.regional import (
    chance_lists,
    regional,
    regions_of,
    spread_over_regions,
)
from pipeline.detect.regions import FILE_NAME, read_regions
from pipeline.detect.self_test import least_q_values
from pipeline.errors import InputError
from pipeline.frames import to_arrow
from pipeline.review.freeze import freeze
from pipeline.study import create_study

N_PERIODS, A_PERIOD = 6, 20
CONFIG = DetectConfig(n_shuffles=60, exchange="report")
RISE = {"Kainuu": (0, 0, 0, 1, 3, 6)}
"""Members of the group that rises, by period, in the one region of 22."""


def silent(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    return dict(read_regions(Path("no such folder")))


@pytest.fixture(scope="module")
def counties(shipped: dict[str, str]) -> list[str]:
    return sorted(set(shipped.values()))


def test_the_shipped_list_has_the_counties_and_their_municipalities(
    shipped: dict[str, str], counties: list[str]
) -> None:
    assert len(counties) == 22
    assert shipped["utsjoki"] == "Lappi"
    assert shipped["esbo"] == shipped["länsi-uudenmaan hyvinvointialue"] == "Länsi-Uusimaa"
    names = {name.casefold() for name in counties}
    municipalities = [n for n in shipped if "hyvinvointialue" not in n and n not in names]
    assert len(municipalities) > 293


def test_a_file_of_the_study_replaces_the_list(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("kunta;alue\nVuolinna;Etelä\nKiviranta;Pohjoinen\n")
    assert dict(read_regions(tmp_path)) == {"vuolinna": "Etelä", "kiviranta": "Pohjoinen"}


def test_a_run_reads_the_file_of_the_study(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    (study.human / FILE_NAME).write_text("kunta;alue\nVuolinna;Etelä\n")
    assert dict(read_regions(freeze(study))) == {"vuolinna": "Etelä"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kunta;alue\nVuolinna;\n", "line 2: region must be there"),
        ("kunta;alue\nVuolinna;A\nVUOLINNA;B\n", "line 3: a municipality must be in one region"),
        ("kunta;maa\nVuolinna;A\n", "region"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(InputError, match=told):
        read_regions(tmp_path)


@pytest.fixture(scope="module")
def nation(counties: list[str]) -> dict[str, pd.DataFrame]:
    """Return a nation of 22 regions: random groups, and one that rises in Kainuu alone.

    Elsewhere the same group has 60 reports, ten in each period, so that the country shows little.
    """
    starts = [dt.date(2022 + i // 2, 1 + 6 * (i % 2), 1) for i in range(N_PERIODS)]
    labels = [f"{start.year}H{1 + start.month // 7}" for start in starts]
    rows = [
        {"report_id": f"{region}-{period}-{i}", "period": labels[period], "area": [region]}
        for region in counties
        for period in range(N_PERIODS)
        for i in range(A_PERIOD)
    ]
    no_groups: list[Any] = [[]] * len(rows)
    reports = pd.DataFrame(rows).assign(
        quality="ok", duplicate_of="", reporter_id="", unit="", client_groups=no_groups
    )
    rng = np.random.default_rng(0)
    ids = reports["report_id"].to_numpy()
    others = [
        f"{region}-{period}-{19 - n}"
        for n, region in enumerate(rng.permutation(counties)[:10])
        for period in range(N_PERIODS)
        if region != "Kainuu"
    ]
    risen = [f"Kainuu-{p}-{i}" for p, n in enumerate(RISE["Kainuu"]) for i in range(n)]
    groups = [rng.choice(ids, size, replace=False).tolist() for size in rng.integers(40, 200, 60)]
    candidates = pd.DataFrame(
        {
            "candidate_id": [f"C-{n}" for n in range(len(groups) + 1)],
            "report_ids": [*groups, [*others, *risen]],
            "separation": 0.5,
            "topic_id": None,
            "label": "ryhmä",
            "terms": [[]] * (len(groups) + 1),
        }
    )
    periods = pd.DataFrame({"period": labels, "start": starts})
    return {"periods": periods, "reports": reports, "candidates": candidates}


def listed(
    nation: dict[str, pd.DataFrame], regions: dict[str, str], **changes: int
) -> pd.DataFrame:
    found = regional(
        nation["periods"],
        nation["reports"],
        nation["candidates"],
        CONFIG.model_copy(update=changes),
        regions=regions,
        seed=0,
        progress=silent,
    )
    to_arrow("region_signals", found)
    return found


def test_a_rise_in_one_region_of_22_is_found_and_named(
    nation: dict[str, pd.DataFrame], shipped: dict[str, str]
) -> None:
    found = listed(nation, shipped)
    signals = found[found["strength"] == "signal"]
    assert signals[["region", "candidate_id", "rank"]].to_numpy().tolist() == [
        ["Kainuu", "C-60", 1]
    ]
    (rise,) = signals.to_dict("records")
    assert tuple(rise["counts"]) == RISE["Kainuu"]
    assert rise["n_reports"] == [A_PERIOD] * N_PERIODS
    assert rise["p_max"] < 0.05
    assert (found.groupby("region").size() <= 8).all()
    assert found["region"].nunique() > 1


def test_the_length_of_a_regions_list_is_a_setting_of_its_own(
    nation: dict[str, pd.DataFrame], shipped: dict[str, str]
) -> None:
    short = listed(nation, shipped, n_listed_region=1, n_listed=20, n_shuffles=20)
    assert short.groupby("region").size().max() == 1


def test_22_lists_of_shuffled_periods_claim_a_signal_about_as_seldom_as_one(
    nation: dict[str, pd.DataFrame], shipped: dict[str, str]
) -> None:
    regions: list[Any] = [[area] for (area,) in nation["reports"]["area"]]
    reports = nation["reports"].assign(regions=regions)
    found = regions_of(nation["periods"], reports, nation["candidates"], CONFIG)
    assert len(found) == 22
    lists = [np.sort(one)[::-1] for one in chance_lists(found, 60, 1, silent)]
    n_alarms = sum(q <= CONFIG.signal_q for q in least_q_values(lists))
    assert n_alarms <= 15  # nominal 6 of 60; more than 15 has a chance under 0.001


def test_a_study_of_one_region_or_of_unknown_places_has_no_regional_list(
    nation: dict[str, pd.DataFrame],
) -> None:
    assert listed(nation, {}).empty
    assert listed(nation, {"kainuu": "Kainuu"}).empty


def test_a_listed_signal_says_where_it_was_first_seen(
    nation: dict[str, pd.DataFrame], shipped: dict[str, str]
) -> None:
    members = ["Lappi-2-0", "Kainuu-1-0", "Kainuu-4-1", "Satakunta-1-3"]
    signals = pd.DataFrame(
        {"signal_id": ["S-1", "S-2"], "rank": [1, None], "report_ids": [members, members]}
    )
    found = spread_over_regions(nation["periods"], nation["reports"], signals, regions=shipped)
    to_arrow("signal_regions", found)
    assert found[["region", "n_reports", "first_period", "is_first"]].to_numpy().tolist() == [
        ["Kainuu", 2, "2022H2", True],
        ["Satakunta", 1, "2022H2", True],
        ["Lappi", 1, "2023H1", False],
    ]
    assert set(found["signal_id"]) == {"S-1"}
