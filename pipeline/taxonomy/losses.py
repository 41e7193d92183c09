"""What a version of a taxonomy that came back from another tool no longer has."""

from pipeline.taxonomy.model import Taxonomy


def losses(old: Taxonomy, new: Taxonomy) -> tuple[str, ...]:
    """List what the old version has and the new one has not, in words.

    Parameters
    ----------
    old, new : Taxonomy

    Returns
    -------
    tuple of str
        Empty when nothing is lost, and when the two share no theme: the new one is then another
        taxonomy, not a later version.
    """
    if not set(old.theme_ids) & set(new.theme_ids):
        return ()
    kept = {theme.theme_id: theme for theme in new.themes}
    found = []
    gone = [theme.theme_id for theme in old.themes if theme.theme_id not in kept]
    if gone:
        names = ", ".join(gone)
        n = len(gone)
        found.append(f"{n} theme ({names})" if n == 1 else f"{n} themes ({names})")
    for what, was, now in (
        ("term", old.terms, new.terms),
        ("example", old.examples, new.examples),
    ):
        n_lost = sum(len(set(was[i]) - set(now.get(i, ()))) for i in old.theme_ids)
        if n_lost:
            found.append(f"{n_lost} {what}{'s' * (n_lost > 1)}")
    before = {(t.theme_id, p.lang) for t in old.themes for p in t.labels}
    before |= {(t.theme_id, "en") for t in old.themes if t.label_en}
    after = {(t.theme_id, p.lang) for t in new.themes for p in t.labels}
    after |= {(t.theme_id, "en") for t in new.themes if t.label_en}
    n_labels = len(before - after)
    if n_labels:
        one = n_labels == 1
        rest = (
            "label in other languages than Finnish"
            if one
            else "labels in other languages than Finnish"
        )
        found.append(f"{n_labels} {rest}")
    return tuple(found)
