"""A topic has one number wherever it is told, and is quoted by what its name says."""

import re
from collections.abc import Mapping
from html import unescape

import pytest
from offline import havainto
from report_reader import deck_rows, page_rows, said, sheet_rows, spoken
from report_tables import Frames, facts, frame, make_frames, write

from pipeline.artifacts import Store
from pipeline.frames import each_row
from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.telling import name_words
from pipeline.study import Study

WORDS = load_catalogue("fi")
LABELS = {"T-a": "vuokra, häätö", "T-b": "jono, aika", "T-c": "sovellus, puhelin"}
TEXTS = {
    "T-a": "Vuokra nousi ja häätö uhkaa perhettä {i} kotona.",
    "T-b": "Jono on pitkä eikä aika järjesty asiakkaalle {i} lainkaan.",
    "T-c": "Sovellus ei toimi vanhassa laitteessa numero {i} ollenkaan.",
}


def touching_study() -> Frames:
    """Make a study whose topics have members and reports that only touch on them."""
    rows, main, weak = [], {}, {}
    for i in range(36):
        topic = ("T-a", "T-b", "T-a", "T-c", "T-a", "")[i % 6]
        report_id = f"R-{i:02}"
        text = TEXTS.get(topic, "Ruokapalvelu lopetettiin kylältä viime viikolla {i}.").format(i=i)
        rows.append(
            {"id": report_id, "period": ("2024H1", "2024H2")[i % 2 or i > 20], "text": text}
        )
        main[report_id] = topic
        weak[report_id] = ("T-b", "T-c", "T-a")[i % 3]
    frames = make_frames(rows)
    frames["topics"] = frame(
        "topics",
        ({"topic_id": t, "topic_no": n, "label": label, "terms": label.split(", "), "n_reports": 0,
          "stability": 0.8} for n, (t, label) in enumerate(LABELS.items())),
    )  # fmt: skip
    held = [(i, t, True) for i, t in main.items() if t]
    held += [(i, t, False) for i, t in weak.items() if t != main[i]]
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": i, "topic_id": t, "weight": 0.4 if m else 0.2, "is_main": m}
         for i, t, m in held),
    )  # fmt: skip
    frames["segment_topics"] = frame(
        "segment_topics",
        ({"segment_id": f"{i}/observation/000", "topic_id": t, "weight": 0.9} for i, t, _ in held),
    )
    frames["report_map"] = frame(
        "report_map", ({"report_id": i, "x": 0.5, "y": 0.5} for i in list(main)[:30])
    )
    return frames


def unnamed(label: str) -> str:
    """Return the words alone of a topic that is said to have no clear name; tables say no more."""
    before, after = WORDS("names.unclear", words="|").split("|")
    is_unclear = label.startswith(before) and label.endswith(after)
    return label[len(before) : -len(after)] if is_unclear else label


def told_everywhere(files: Mapping[str, bytes]) -> dict[str, list[tuple[int, int]]]:
    """Return what each file says of a topic: members of this period, and of all up to it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in sheet_rows(files["tables.xlsx"], "topics"):
        found[unnamed(row["label"])] = [(row["n_now"], row["n_until"])]
    html = files["report.html"].decode("utf-8")
    section = html.split('<section id="topics"')[1].split("</section>")[0]
    for card in section.split('<li class="card">')[1:]:
        label = unnamed(unescape(re.findall(r"<h3>([^<]*)<", card)[0]).strip())
        sizes = re.findall(r'class="sizes">(.*?)</p>', card, re.DOTALL)[0]
        now, every = re.findall(r"(\d+)", re.sub(r"<[^>]+>", " ", sizes))
        found[label].append((int(now), int(every)))
    title = said(WORDS, "deck.table", title=said(WORDS, "topic_map.title"))
    for cells in deck_rows(files["deck.pptx"], title):
        found[cells[1]].append((int(cells[2]), int(cells[3])))
    for cells in page_rows(files["report.html"]):
        if len(cells) >= 5 and cells[2] in found and cells[1].isdigit():
            found[cells[2]].append((int(cells[3]), int(cells[4])))
    return found


def brief_numbers(files: Mapping[str, bytes]) -> dict[str, int]:
    html = files["report.html"].decode("utf-8").split('class="brief"')[1].split("</ul>")[0]
    text = spoken(unescape(re.sub(r"<[^>]+>", "", html)))
    line = next(one for one in text.splitlines() if "ilmiöt" in one)
    return {
        label.strip(): int(n)
        for label, n in re.findall(r"([^:;]+?) (\d+) \(", line.split(":", 1)[1])
    }


def test_a_topics_number_is_the_same_on_page_deck_brief_and_workbook() -> None:
    frames = touching_study()
    files = write(frames, min_quote_chars=10)
    found, main = told_everywhere(files), frames["report_topics"]
    main = main[main["is_main"].astype(bool)].merge(frames["reports"], on="report_id")
    for topic_id, label in LABELS.items():
        mine = main[main["topic_id"] == topic_id]
        wanted = (int((mine["period"] == "2024H2").sum()), len(mine))
        assert found[label] == [wanted] * 4, label  # workbook, card, slide, map's table
        assert brief_numbers(files)[label] == wanted[0]


def test_members_and_reports_of_no_topic_add_up() -> None:
    told, _ = facts(touching_study())
    assert sum(card.n_now.n for card in told.topics.cards) + told.topics.outside.n == (
        told.front.n_now
    )


def test_reports_that_only_touch_on_a_topic_are_told_apart() -> None:
    frames = touching_study()
    told, _ = facts(frames)
    held = frames["report_topics"].merge(frames["reports"], on="report_id")
    weak = held[~held["is_main"].astype(bool) & (held["period"] == "2024H2")]
    for card in told.topics.cards:
        topic_id = next(t for t, label in LABELS.items() if label == card.label)
        assert set(card.n_touching.report_ids) == set(
            weak.loc[weak["topic_id"] == topic_id, "report_id"]
        )
        assert not set(card.n_touching.report_ids) & set(card.n_all.report_ids)
    html = write(frames)["report.html"].decode("utf-8")
    assert html.count("Vain sivuaa, ei laskettu jäseniin") == len(told.topics.cards)


def test_after_a_merge_the_same_holds(finished_copy: Study) -> None:
    store = Store(finished_copy)
    first, second = store.read("topics").head(2)["topic_id"]
    (finished_copy.human / "edits.toml").write_text(
        f"[[muokkaus]]\ntee = 'yhdistä'\naiheet = ['{first}', '{second}']\n"
        f"[[muokkaus]]\ntee = 'nimeä'\naihe = '{first}'\nnimi = 'Yhdistetty'\n",
        encoding="utf-8",
    )
    havainto("run", finished_copy.root)
    files = {file.name: file.read_bytes() for file in finished_copy.report.iterdir()}
    found, topics = told_everywhere(files), store.read("topics")
    held = store.read("report_topics")
    members = held[held["is_main"].astype(bool)].groupby("topic_id").size()
    assert "Yhdistetty" in set(topics["label"])
    shown = {row["topic_id"]: row["label"] for row in sheet_rows(files["tables.xlsx"], "topics")}
    for row in each_row(topics):
        told = set(found[unnamed(shown[row.topic_id])])
        assert len(told) == 1, (row.label, told)
        assert told.pop()[1] == row.n_reports == members[row.topic_id]


@pytest.mark.parametrize("favoured", [0, 7, 19])
def test_a_topic_is_quoted_by_what_its_name_says(favoured: int) -> None:
    texts = [f"Tilanne {i} on vaikea monelle perheelle täällä." for i in range(20)]
    texts[11] = "Vuokrat nousivat, ja asukas sai häädön kesken talven."
    rows = [
        {"id": f"R-{i:02}", "period": "2024H2", "area": [], "client_groups": [], "text": text}
        for i, text in enumerate(texts)
    ]
    frames = make_frames(rows)
    tokens = frames["tokens"]
    tokens["lemma"] = (
        tokens["form"].map({"Vuokrat": "vuokra", "häädön": "häätö"}).fillna(tokens["lemma"])
    )
    frames["segment_themes"] = frames["segment_themes"][:0]
    frames["segment_kinds"] = frames["segment_kinds"][:0]
    frames["topics"] = frame(
        "topics",
        [{"topic_id": "T-a", "topic_no": 0, "label": "vuokrat, häätö", "terms": ["vuokrat"],
          "n_reports": 20, "stability": 0.8}],
    )  # fmt: skip
    ids = [row["id"] for row in rows]
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": i, "topic_id": "T-a", "weight": 0.9, "is_main": True} for i in ids),
    )
    frames["segment_topics"] = frame(
        "segment_topics",
        [{"segment_id": f"R-{favoured:02}/observation/000", "topic_id": "T-a", "weight": 0.99}],
    )
    told, _ = facts(frames, min_quote_chars=10)
    (quote,) = told.topics.cards[0].quotes
    assert quote.report_id == "R-11"


def test_a_topic_whose_name_nobody_says_is_quoted_by_its_strongest_sentence() -> None:
    frames = touching_study()
    frames["topics"]["label"] = "Käsin annettu otsikko"
    frames["segment_topics"]["weight"] = [
        0.99 if i == "R-30/observation/000" else 0.1 for i in frames["segment_topics"]["segment_id"]
    ]
    apart = {name: frames[name][:0] for name in ("segment_kinds", "segment_themes")}
    told, _ = facts({**frames, **apart}, min_quote_chars=10)
    assert told.topics.cards[0].quotes[0].report_id == "R-30"


def test_the_words_of_a_name_are_taken_apart() -> None:
    assert name_words("Lapset · jonot: aika, TE-toimisto 2") == (
        "lapset", "jonot", "aika", "te-toimisto",
    )  # fmt: skip


def test_a_topic_shares_the_signals_sentence_where_no_other_says_its_name() -> None:
    frames = touching_study()
    ids = [f"R-{i:02}" for i in range(36)]
    held = frames["report_topics"]
    of_topic = set(held.loc[held["topic_id"] == "T-c", "report_id"])
    mine = [i for i in ids if i in of_topic]
    texts = frames["reports"].set_index("report_id")["observation"]
    named = [i for i in mine if texts[i].startswith("Sovellus")]
    frames["signals"] = frame(
        "signals",
        [{"signal_id": "S-1", "rank": 1, "status": "emerging", "strength": "watch",
          "label": "sovellus", "report_ids": named[-2:], "counts": [0, 2], "p_value": 0.01,
          "q_value": 0.08, "p_max": 0.1, "ci_low": 0.2, "ci_high": 0.9, "n_areas": 1,
          "n_client_groups": 1, "candidate_id": None, "topic_id": "T-c", "theme_ids": []}],
    )  # fmt: skip
    only = frames["report_topics"]
    only = only[~only["is_main"].astype(bool) | ~only["report_id"].isin(named[:-2])]
    told, _ = facts({**frames, "report_topics": only}, min_quote_chars=10)
    (signal,) = told.signals.cards
    card = next(card for card in told.topics.cards if card.label == LABELS["T-c"])
    assert {q.report_id for q in signal.quotes} == set(named[-2:])
    assert card.quotes[0].report_id in set(named[-2:])
