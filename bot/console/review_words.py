"""What was found in a review, in words."""

from bot.console.signs import Signs
from bot.console.times import Times
from bot.learning.topics import topic_name
from bot.store.tables import Finding, Review

FINDINGS = {
    Finding.FINE: "Fine",
    Finding.WRONG_TOPIC: "Wrong topic",
    Finding.MISSED_SIGN: "Missed sign",
    Finding.FALSE_ALARM: "False alarm",
}


def review_words(signs: Signs, review: Review, times: Times) -> str:
    """A finding in words: "Wrong topic: Washing hair (Rae Moss, today 12:00)"."""
    about = {
        Finding.WRONG_TOPIC: topic_name,
        Finding.MISSED_SIGN: signs.name,
        Finding.FALSE_ALARM: signs.name,
    }.get(review.finding)
    what = FINDINGS[review.finding] + (f": {about(review.about)}" if about else "")
    return f"{what} ({review.staff.name}, {times.moment(review.at)})"
