"""Slides of weak signals: one for each that rises, and the rest of the list as a table."""

from pipeline.report.deck.canvas import Canvas, shared_out
from pipeline.report.deck.fit import Block, Box
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.deck.paragraphs import heading, plain, quotes
from pipeline.report.deck.plots import draw_history
from pipeline.report.facts.signals import SignalCard, Signals
from pipeline.report.facts.values import Said

_PLOT_HEIGHT = 190.0
_MAX_PERIODS = 12


def signal_slides(canvas: Canvas, signals: Signals, headline: str) -> None:
    """Add what the list amounts to, a slide a signal, and the candidates."""
    words = canvas.words
    lines = [Block(words("signals.lead"), size=16), Block(plain(words, signals.verdict), size=16)]
    lines += [
        Block(f"{card.rank}. {card.label}", plain(words, card.n_now), size=16, before=8)
        for card in signals.cards
    ]
    strengths = dict.fromkeys(card.strength for card in signals.cards)
    lines += [
        Block(
            f"{words(f'strength.{one}')}: {words(f'signals.{one}_means')}",
            size=12,
            is_soft=True,
        )
        for one in strengths
    ]
    canvas.columns(headline, [lines], [card.n_now for card in signals.cards])
    for card in signals.cards:
        card_slide(canvas, card)
    if signals.candidates:
        head = [
            words("signals.name"),
            words("signals.status"),
            words("topics.others_now"),
            words("topics.others_all"),
            words("signals.chance_head"),
        ]
        rows = [
            [
                f"{one.rank}. {one.label}",
                one.status,
                plain(words, one.n_now),
                plain(words, one.n),
                one.q_percent,
            ]
            for one in signals.candidates
        ]
        table = grid(head, rows, [5.0, 2.0, 0.9, 1.3, 1.3], n_text=2)
        marked = [text for one in signals.candidates for text in (one.n_now, one.n)]
        n = words.amount("groups", len(signals.candidates))
        show_grid(canvas, words("deck.candidates", n=n), table, marked)


def card_slide(canvas: Canvas, card: SignalCard) -> None:
    """Add one signal: history and facts on the left, quotations on the right."""
    words = canvas.words
    about = f"{words(f'strength.{card.strength}')} · {card.status}"
    facts = [
        Block(about, size=13, is_bold=True),
        Block(
            words("signals.now", n=card.n_now, share=card.share, interval=card.interval),
            size=13,
        ),
        Block(
            words("signals.spread", n=card.n, over=card.over),
            size=12,
            is_soft=True,
        ),
    ]
    if card.seen:
        facts.append(Block(card.seen, size=12, is_soft=True))
    if card.name.example:
        example = words("names.example", clause=card.name.example)
        facts.insert(0, Block(example, size=13))
    facts += [Block(words("words.quoted", text=one), size=12) for one in card.name.clauses]
    if card.themes:
        said = words("signals.themes", themes="; ".join(card.themes))
        facts.append(Block(plain(words, said), size=12, is_soft=True))
    spoken = [heading(words, words("signals.quotes")), *quotes(words, card.quotes)]
    marked: list[Said] = [card.n_now, card.n]
    title = f"{card.rank}. {card.label} ({plain(words, card.n_now)})"
    slide = canvas.slide(title, marked)
    left, right = canvas.box.columns(5, 6)
    plot = Box(left.x, left.y, left.width, _PLOT_HEIGHT)
    draw_history(
        slide,
        plot,
        card.history.labels[-_MAX_PERIODS:],
        card.history.counts[-_MAX_PERIODS:],
        card.label,
        words("deck.alt_history", title=card.label),
    )
    under = left.below(_PLOT_HEIGHT + 10)
    (facts_parts,), (said_parts,) = shared_out([facts], [under]), shared_out([spoken], [right])
    canvas.write(slide, under, facts_parts[0])
    canvas.write(slide, right, said_parts[0])
    rest = [[one for part in parts[1:] for one in part] for parts in (facts_parts, said_parts)]
    if any(rest):
        more = str(words("deck.continued", title=title))
        canvas.columns(more, rest, marked)
