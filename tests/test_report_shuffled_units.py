"""The report says which reports moved together, why others did not, and what a list can reach."""

import pytest
from report_tables import small_study, write

from pipeline.detect import independence
from pipeline.report.catalogue import load_catalogue

SAID = load_catalogue("fi")("signals.bound")
ALONE = "ei erota kirjoittajia toisistaan"


def page_and_methods(writer):
    frames = small_study()
    n_reports = len(frames["reports"])
    frames["reports"]["reporter_id"] = [writer(i) for i in range(n_reports)]
    files = write(frames)
    return files["report.html"].decode(), files["methods.md"].decode()


@pytest.mark.parametrize(
    ("writer", "is_bound", "why"),
    [
        pytest.param(lambda i: f"K-{i // 2}", False, "jaksoa kohden 2,0", id="pairs"),
        pytest.param(lambda i: f"K-{i}", False, "", id="each another"),
        pytest.param(lambda i: "", False, "", id="unknown"),
        pytest.param(lambda i: "K-1", False, "nimiä 1", id="one for all"),
        pytest.param(lambda i: "K-1" if i % 6 else f"L-{i}", False, "yhdellä on", id="a clerk"),
    ],
)
def test_page_and_methods_say_which_reports_moved_together_and_why(writer, is_bound, why):
    page, methods = page_and_methods(writer)
    assert (SAID in page) is (SAID in methods) is is_bound
    assert (ALONE in page) is (ALONE in methods) is bool(why)
    if why:
        assert why in page
    together = "Saman raportoijan saman jakson raportit siirtyivät sekoituksissa yhdessä"
    assert (together in methods) is (not why and bool(writer(0)))


def test_page_and_methods_say_that_reports_of_one_writer_moved_together(monkeypatch):
    monkeypatch.setattr(independence, "MIN_BLOCKS", 1.0)
    monkeypatch.setattr(independence, "MAX_LEAST_P", 1.0)
    page, methods = page_and_methods(lambda i: f"K-{i // 2}")
    assert SAID in page
    assert SAID in methods


def test_the_methods_name_the_source_of_the_rule():
    assert page_and_methods(lambda i: "")[1].count("Winkler") == 2
