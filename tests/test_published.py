"""A period's report stays as it was published, beside those that come after."""

import shutil

import pytest
from typer.testing import CliRunner

from pipeline.artifacts import Store, sha256_file
from pipeline.cli import app
from pipeline.errors import ArtifactError
from pipeline.report.catalogue import load_catalogue
from pipeline.report.page.side_by_side import write_side_by_side
from pipeline.report.published import changed_files, publish, read_published, withdraw
from pipeline.study import Study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def study(finished_copy: Study) -> Study:
    return finished_copy


def published(study: Study, period: str | None = None):
    return publish(study, Store(study), period, "1.0")


def test_a_publication_keeps_the_files_with_the_hashes_of_what_they_rest_on(study: Study) -> None:
    one, is_new = published(study)
    assert is_new
    folder = study.root / "published" / one.period / "1"
    assert {path.name for path in folder.iterdir()} == {
        "report.html", "deck.pptx", "tables.xlsx", "methods.md", "published.json",
    } | set(one.files)  # fmt: skip
    assert all(sha256_file(folder / name) == digest for name, digest in one.files.items())
    manifest = Store(study).manifest("topics")
    assert manifest
    assert one.tables["topics"] == manifest["output"]["sha256"]
    assert read_published(study) == [one]
    assert changed_files(one, study) == []


def test_it_stays_as_it_was_whatever_the_next_report_says(study: Study) -> None:
    one, _ = published(study)
    before = {name: (one.folder(study) / name).read_bytes() for name in one.files}
    html = study.report / "report.html"
    html.write_bytes(html.read_bytes() + b"<!-- later -->")
    assert {name: (one.folder(study) / name).read_bytes() for name in one.files} == before
    with pytest.raises(ArtifactError, match=r"report\.html in .* changed since the run"):
        published(study)


def test_the_same_report_is_not_published_twice(study: Study) -> None:
    first, _ = published(study)
    again, is_new = published(study)
    assert (again, is_new) == (first, False)


def test_a_changed_copy_is_told(study: Study) -> None:
    one, _ = published(study)
    file = one.folder(study) / "methods.md"
    file.chmod(0o600)
    file.write_text("toinen", encoding="utf-8")
    told = CliRunner().invoke(app, ["status", str(study.root)])
    assert f"published/{one.period}/1" in told.output
    assert "no longer as published: methods.md" in told.output


def test_an_erased_report_takes_the_copies_that_told_of_it_with_it(study: Study) -> None:
    one, _ = published(study)
    erased = one.report_ids[0]
    assert withdraw(study, "R-nowhere") == []
    (gone,) = withdraw(study, erased)
    assert gone.withdrawn
    assert erased not in gone.report_ids
    assert {path.name for path in one.folder(study).iterdir()} == {"published.json"}
    assert erased not in (one.folder(study) / "published.json").read_text(encoding="utf-8")
    again, is_new = published(study)
    assert (again.number, is_new) == (2, True)


def test_the_page_of_publications_links_to_none_that_was_withdrawn(study: Study) -> None:
    one, _ = published(study)
    words = load_catalogue("fi")
    index = write_side_by_side(study, words, "fi")
    link = f"{one.period}/1/report.html"
    assert link in index.read_text(encoding="utf-8")
    withdraw(study, one.report_ids[0])
    write_side_by_side(study, words, "fi")
    assert link not in index.read_text(encoding="utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_report_marked_on_a_side_is_the_one_open_there(study: Study) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    published(study)
    index = write_side_by_side(study, load_catalogue("fi"), "fi")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(index.as_uri())
        sides = [page.locator("fieldset").nth(side) for side in (0, 1)]

        def opened() -> list[tuple[list[str], str | None]]:
            return [([text for text in side.locator("label").all_inner_texts() if "(auki)" in text],
                     side.locator("iframe:visible").get_attribute("title"))
                    for side in sides]  # fmt: skip

        for (marked,), title in opened():
            assert marked == f"{title} (auki)"
        assert opened()[0][1] == "Nykyinen kooste"
        assert opened()[1][1] != "Nykyinen kooste"
        sides[1].get_by_text("Nykyinen kooste").click()
        assert opened()[1] == (["Nykyinen kooste (auki)"], "Nykyinen kooste")
        browser.close()


def test_the_command_publishes_and_opens_side_by_side(study: Study) -> None:
    done = CliRunner().invoke(app, ["report", str(study.root), "--publish"])
    assert done.exit_code == 0, done.output
    one = read_published(study)[0]
    assert "Published:" in done.output
    page = (study.root / "published" / "index.html").read_text(encoding="utf-8")
    assert page.count("<iframe") == 2 * 2
    assert "../report/report.html" in page
    assert f"{one.period}/1/report.html" in page
    assert (study.root / "published" / one.period / "1" / "report.html").is_file()
    assert "published/" in CliRunner().invoke(app, ["status", str(study.root)]).output
    twice = CliRunner().invoke(app, ["report", str(study.root), "--publish"])
    assert "the same since" in twice.output
    assert len(read_published(study)) == 1


def test_a_broken_note_is_told(study: Study) -> None:
    one, _ = published(study)
    (one.folder(study) / "published.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"published\.json is not what"):
        read_published(study)
