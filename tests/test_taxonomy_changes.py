"""Two versions of a taxonomy: what differs, what is recorded, and what no record tells."""

from dataclasses import replace
from pathlib import Path

import pytest
from taxonomy_files import write_small_taxonomy

from pipeline.errors import ConfigError
from pipeline.taxonomy.changes import (
    Difference,
    check_history,
    differences,
    record,
    retire,
    unrecorded,
)
from pipeline.taxonomy.model import Change, Phrase, Taxonomy
from pipeline.taxonomy.read import load_taxonomy
from pipeline.taxonomy.versions import keep_version


@pytest.fixture
def old(tmp_path: Path) -> Taxonomy:
    return load_taxonomy(write_small_taxonomy(tmp_path))


def without(taxonomy: Taxonomy, theme_id: str, *changes: Change) -> Taxonomy:
    """Return the next version, in which a theme is no more."""
    return replace(
        taxonomy,
        version="2.0.0",
        themes=tuple(theme for theme in taxonomy.themes if theme.theme_id != theme_id),
        history=(*taxonomy.history, *changes),
    )


MERGE = Change(
    version="2.0.0", date="2026-01-01", action="merge", from_ids=("hata", "koti"), to_ids=("koti",)
)


def test_every_way_in_which_a_theme_can_differ_is_said(old: Taxonomy) -> None:
    home, eviction, money = old.themes
    new = replace(
        old,
        version="2.0.0",
        themes=(
            replace(home, label_fi="Asuminen", includes="Asunto ja piha."),
            replace(money, parent_id="koti"),
            replace(eviction, theme_id="uusi", label_fi="Uusi", parent_id=None),
        ),
        terms={"koti": (Phrase("fi", "kämppä"),), "raha": (), "uusi": ()},
        examples={"koti": (), "raha": old.examples["raha"], "uusi": ()},
        history=(*old.history, MERGE),
    )
    assert differences(old, new) == [
        Difference("koti", "renamed", "Koti", "Asuminen"),
        Difference("koti", "redefined"),
        Difference("koti", "terms", "2", "1"),
        Difference("raha", "moved", "", "koti"),
        Difference("uusi", "added", "", "Uusi"),
        Difference("hata", "gone", "Häätö", "koti"),
    ]


def test_a_version_without_changes_has_no_differences(old: Taxonomy) -> None:
    assert differences(old, old) == []


def test_a_theme_that_goes_without_a_record_is_found_now_and_in_later_versions(
    old: Taxonomy,
) -> None:
    assert unrecorded(old, without(old, "hata")) == ("hata",)
    merged = without(old, "hata", MERGE)
    assert unrecorded(old, merged) == ()
    assert unrecorded(merged, replace(merged, history=old.history)) == ("hata",)


def test_retiring_is_a_record(old: Taxonomy) -> None:
    new = retire(without(old, "hata"), ["hata"], "2026-01-02")
    assert unrecorded(old, new) == ()
    assert new.history[-1] == Change(
        version="2.0.0", date="2026-01-02", action="retire", from_ids=("hata",)
    )
    assert retire(old, [], "2026-01-02") is old


def test_a_version_without_history_gets_the_old_one_and_what_was_done(old: Taxonomy) -> None:
    bare = replace(without(old, "hata"), history=())
    lines = record(old, bare, "2026-01-02").history
    assert lines[:-1] == old.history
    assert (lines[-1].action, lines[-1].from_ids) == ("retire", ("hata",))


def test_the_history_goes_on_from_the_old_one(old: Taxonomy) -> None:
    check_history(old, without(old, "hata", MERGE), "uusi.xlsx")
    shorter = replace(old, history=old.history[1:])
    with pytest.raises(ConfigError, match=r"uusi\.xlsx: line 1 .* 1\.0\.0, 2025-01-31, create"):
        check_history(old, shorter, "uusi.xlsx")
    check_history(old, replace(shorter, name="toinen"), "uusi.xlsx")


def test_a_kept_version_can_be_used_and_is_never_written_over(
    old: Taxonomy, tmp_path: Path
) -> None:
    kept = keep_version(old, tmp_path / "study")
    assert kept == tmp_path / "study" / "versions" / "pieni-1.1.0"
    assert load_taxonomy(kept) == old
    assert keep_version(old, tmp_path / "study") == kept
    other = replace(old, title_en="Small")
    again = keep_version(other, tmp_path / "study")
    assert again.name == f"pieni-1.1.0-{other.sha256[:8]}"
    assert (load_taxonomy(kept), load_taxonomy(again)) == (old, other)


def test_a_version_named_like_a_path_stays_in_its_folder(old: Taxonomy, tmp_path: Path) -> None:
    named = replace(old, version="../../1", history=())
    assert keep_version(named, tmp_path / "study").parent == tmp_path / "study" / "versions"
