"""Tell which free text is the observation and which one the proposal."""

from collections.abc import Sequence

from pipeline.ingest import guess_words as say
from pipeline.ingest.guess_words import Doubt
from pipeline.ingest.questions import Question
from pipeline.ingest.vocabulary import is_named

_MIN_SENTENCE = 15  # characters from which repeated proposals are sentences and no choices
_CLOSE = 0.5  # of the longer text's mean length: below it two unnamed texts are not alike


def pick_texts(
    free: Sequence[Question],
) -> tuple[Question | None, Question | None, list[Doubt]]:
    """Return the observation, the proposal, and what is not sure about them.

    Names decide before lengths. A question that asks for both is the observation, unless another
    one asks for the observation alone.
    """
    written = [q for q in free if q.is_free_text]
    short = [q for q in free if _is_short_text(q)]
    doubts: list[Doubt] = []
    proposals = [q for q in [*written, *short] if is_named("proposal", q.text)]
    plain = [q for q in written if q not in proposals] or [
        q for q in short if q not in proposals and is_named("observation", q.text)
    ]
    named = [q for q in plain if is_named("observation", q.text)]
    pool = named or plain or [q for q in proposals if is_named("observation", q.text)]
    observation = max(pool, key=lambda q: q.mean_chars, default=None)
    if observation is None:
        return None, None, doubts
    rivals = [
        q
        for q in pool
        if q is not observation
        and len(q.cells) >= 0.5 * len(observation.cells)
        and q.mean_chars >= _CLOSE * observation.mean_chars
    ]
    if rivals:
        doubts.append(say.rival("observation", observation.text, rivals[0].text))
    if not named and len(plain) + len(proposals) > 1:
        doubts.append(say.unnamed("observation", observation.text))
    proposals = [q for q in proposals if q is not observation]
    proposal = max(proposals, key=lambda q: (q.is_free_text, len(q.cells)), default=None)
    if proposal is not None and len(proposals) > 1:
        other = next(q for q in proposals if q is not proposal)
        doubts.append(say.rival("proposal", proposal.text, other.text))
    return observation, proposal, doubts


def _is_short_text(question: Question) -> bool:
    """Tell whether answers may be short texts: a small or young export."""
    if not question.cells or question.choices or question.is_ticks or question.n_dates:
        return False
    if question.is_free_text or question.is_yes_no:
        return False
    if is_named("proposal", question.text) and question.mean_chars >= _MIN_SENTENCE:
        return True
    return question.distinct_share > 0.5 or len(question.cells) < 3
