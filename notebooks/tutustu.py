# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Tutustu valmiiseen ajoon
#
# Tämä muistikirja lukee yhden ajetun tutkimuksen taulut ja kulkee luvusta sen takana oleviin raportteihin.
# Aja ensin `make demo`, tai anna oman tutkimuksesi kansio ympäristömuuttujassa `HAVAINTO_STUDY`.

# %%
import os
from pathlib import Path

import pandas as pd

from pipeline.artifacts import Store
from pipeline.figures.intervals import exact_intervals
from pipeline.study import open_study
from pipeline.tables import TABLES

pd.set_option("display.max_colwidth", 90)
folder = Path(os.environ.get("HAVAINTO_STUDY", "../demo"))
store = Store(open_study(folder))
tables = {name: store.read(name) for name, table in TABLES.items() if not table.is_raw}

# %% [markdown]
# ## Mitä tauluja on
#
# Jokaisella taululla on sarakkeet, joiden merkitys on kirjoitettu muistiin (`pipeline/tables.py`), ja ajon tiedot
# (`tables/<nimi>.json`): mistä se tehtiin, millä asetuksilla ja millä ohjelmalla.

# %%
pd.DataFrame(
    [(name, len(frame), TABLES[name].meaning) for name, frame in tables.items()],
    columns=["taulu", "rivejä", "yksi rivi on"],
)

# %%
manifest = store.manifest("segments")
{key: manifest[key] for key in ("stage", "config", "inputs", "made_at", "seconds")}

# %% [markdown]
# ## Jaksot ja teemat
#
# Teema on luettu raporttiin, kun kone sitä ehdottaa (`assigned`). Väli on Clopperin ja Pearsonin 95 %:n väli
# (1934, doi 10.1093/biomet/26.4.404): noin pienessä aineistossa osuus voi vaihdella jo sattumalta näin paljon.

# %%
reports = tables["reports"].query("quality == 'ok'")
newest = tables["periods"]["period"].iloc[-1]
in_newest = set(reports.loc[reports["period"] == newest, "report_id"])
suggested = tables["report_themes"].query("assigned")
counts = (
    suggested[suggested["report_id"].isin(in_newest)].groupby("theme_id")["report_id"].nunique()
)
themes = counts.rename("n").to_frame().sort_values("n", ascending=False)
themes["osuus"] = themes["n"] / len(in_newest)
themes["alaraja"], themes["yläraja"] = exact_intervals(themes["n"].to_numpy(), len(in_newest))
themes.round(3)

# %% [markdown]
# ## Miksi kone ehdottaa tätä teemaa
#
# Perusteet ovat lauseita ja sanoja painoineen. Paino on osuus pisteistä ennen niiden muuntamista välille 0–1.

# %%
example = suggested.sort_values(["score", "report_id"], ascending=[False, True]).iloc[0]
evidence = pd.DataFrame(list(example["evidence"]))
evidence.merge(tables["segments"][["segment_id", "text"]], on="segment_id", how="left").head(8)

# %% [markdown]
# ## Aiheet: raportit, joiden tekstit muistuttavat toisiaan

# %%
topics = tables["topics"].sort_values(["n_reports", "topic_id"], ascending=[False, True])
topics[["topic_id", "label", "n_reports", "stability"]].head(10)

# %% [markdown]
# Aiheen keskeisimmät lauseet:

# %%
topic_id = topics["topic_id"].iloc[0]
sentences = tables["segment_topics"].query("topic_id == @topic_id").nlargest(5, "weight")
sentences.merge(tables["segments"], on="segment_id")[["report_id", "text", "weight"]]

# %% [markdown]
# ## Heikot signaalit
#
# Lista on koneen ehdotus siitä, mitkä pienet joukot ovat kasvaneet. `q_value` on odotettu sattuman osuus listalla tähän
# sijaan asti; se on laskettu sekoittamalla jaksot satoja kertoja.

# %%
signals = tables["signals"].dropna(subset=["rank"]).sort_values("rank")
signals[["rank", "label", "status", "strength", "counts", "p_value", "q_value", "n_areas"]]

# %% [markdown]
# Luvusta raportteihin: ensimmäisen signaalin raportit vanhimmasta uusimpaan.

# %%
members = list(signals["report_ids"].iloc[0]) if len(signals) else []
reports.set_index("report_id").loc[members, ["period", "area", "observation"]]
