"""What ``havainto status`` says of names that wait and of places that may tell who is meant."""

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.frames import each_row
from pipeline.pseudonymise.indirect import sentence_around
from pipeline.speech import say

_MOST_SHOWN = 20


def show_privacy(store: Store, console: Console) -> None:
    """Print how many words wait for a ruling, and the sentences that may tell who is meant.

    Parameters
    ----------
    store : Store
    console : Console
    """
    if not (store.is_whole("name_queue") and store.is_whole("indirect")):
        return
    n_words = store.read("name_queue")["word_id"].nunique()
    if n_words:
        console.print(
            say(
                "\n{n_words} words may be names and wait for you. See them: havainto names STUDY",
                n_words=n_words,
            ),
            markup=False,
        )
    indirect = store.read("indirect")
    if indirect.empty:
        return
    console.print(
        say("\n[bold]May tell who is meant[/bold] (not quoted unless you pin the sentence)")
    )
    reports = store.read("reports").set_index("report_id")
    for row in each_row(indirect.head(_MOST_SHOWN)):
        text = str(reports.at[row.report_id, row.field])
        line = f"  {row.report_id}  {row.rule}  {sentence_around(text, row.start, row.end)}"
        console.print(line, markup=False)
    if len(indirect) > _MOST_SHOWN:
        console.print(
            say(
                "  and {n_indirect} more in tables/indirect.parquet",
                n_indirect=len(indirect) - _MOST_SHOWN,
            )
        )
