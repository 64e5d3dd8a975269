"""Words that make a topic more exact: which activity is meant, and which detail has an answer of its own.

Patterns are matched against lower-case text; the first match of a topic wins. They only ever choose between the
answers of a topic that the classifier found or the conversation is about; how urgent a message is, the screen decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

POOL = (
    r"\bpool\b|swim|\bsea\b|ocean|beach|surf|sauna|steam|hot ?tub|jacuzzi|\bspa\b|hot bath|\bbath\b"
    r"|lake|chlorin|\bdips?\b|\bdipping\b|paddling|\blido\b|water ?park|shallow end|snorkel|div(?:e|ing)"
    r"|\bdo(?:ing)? (?:some |my |a few )?(?:lengths|laps)\b|leisure cent"
)
SPORT = (
    r"\bgym\b|(?:hot|bikram|pod) yoga|work(?:ing)? ?out|exercis\w*|running|\bjog\w*|football|sport\w*|sweat\w*"
    r"|crossfit|treadmill"
    r"|(?:five|5)[- ]a[- ]side|\brow(?:er|ing)\b|spin(?:ning)? class|squash|tennis|netball|cycling|park ?run"
    r"|pilates|zumba|boxing"
)
DYE = r"\bdye|dyed|dyeing|bleach|colou?r|tint|toner|highlight|relax(?:er|ing)|\bperm\b|perming|peroxide|henna|keratin"
HAT = r"\bhat\b|\bhats\b|\bcap\b|beanie|bandana|scarf|sun ?hat|hijab|turban|hood"
ELSEWHERE = r"\bbeard\b|moustache|mustache|eyebrows?|\bbrows\b|eyelash\w*|chest hair"
NSAID = r"ibuprofen|advil|nurofen|naproxen|aleve|diclofenac|voltar\w+|nsaid|anti-?inflam\w+|\bmotrin|aspirin"
TINY = (
    r"\btin(?:y|iest)\b|\bsmear\b|small amount"
    r"|\b(?:a|one|only a) (?:little|tad|touch|drop|dab|small|sip|bit (?:of|at|on|then))\b"
    r"|just (?:one|once|a (?:glass|beer|drink|quick|bit (?:of|at|on)))\b|only (?:one|once)\b"
    r"|\b(?:only|just|not even)(?: just)? (?:a|one) (?:quick|short|brief)\b"
    r"|\b(?:only|just|even)(?: on| for)? (?:the|my) (?:temples?|front|tips?|ends|hairline|crown|parting|sides?"
    r"|fringe|roots?)\b"
)

# Topic -> its activities, the first being the one meant when no word says otherwise.
ACTIVITIES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "minoxidil_timing": (("minoxidil", ""),),
    "washing_hair": (("washing", ""),),
    "exercise_sweat": (("sweat", ""), ("pool_sauna", POOL)),
    "sunscreen": (("sunscreen", ""), ("sun_hat", HAT)),
    "hair_products_dye": (("styling", ""), ("dye", DYE), ("sun_hat", HAT)),
    "alcohol_smoking": (("alcohol", ""),),
    "session_frequency": (("next_session", ""),),
}

_A_LIST, _SHORT = 3, 12  # subjects; words

MINOR = "contraindications/minor"  # what is remembered of a question about somebody under 18

# What names a topic's first activity outright, where a message may ask about two at once.
_FIRST_ACTIVITY = {
    "exercise_sweat": r"\bgym\b|\bruns?\b|running|\bjog|football|sport|work ?outs?|training|exercise",
    "sunscreen": r"sunscreen|\bspf\b|sun ?block|sun ?cream",
    "hair_products_dye": r"\bgel\b|hair ?spray|dry shampoo|fib(?:re|er)s|\bwax\b|styling",
}

# Words that name a topic outright: for corrections, and to tell a message with a subject from one without.
SUBJECTS: Mapping[str, str] = {
    "minoxidil_timing": r"minox\w*|rogaine|regaine|kirkland|\bfoam\b",
    "washing_hair": r"(?<!dry )shampoo\w*|blow-? ?dr\w+|hair ?dryer|scrub\w*|\bwash\w*|shower\w*|rinse",
    "exercise_sweat": SPORT + "|" + POOL,
    "sunscreen": r"\bsun\b|sunscreen|\bspf\b|sunblock|sun ?cream|factor \d\d|\bcap\b|\bhat\b",
    "hair_products_dye": r"\bgel\b|hair ?spray|dry shampoo|fib(?:re|er)s|toppik|\bwax\b|\bclay\b|pomade|mousse"
    r"|putty|leave-?in\b|styling|" + DYE,
    "alcohol_smoking": r"\bwine\b|\bbeers?\b|alcohol\w*|\bdrink\b|\bdrinks\b|\bvodka\b|\bpint\b|smok\w*"
    r"|\bvap\w*|cigar\w*",
    "pain_relief": r"painkiller\w*|paracetamol|tylenol|acetaminophen|" + NSAID,
    "other_treatments": r"caffeine|finasteride|propecia|\bserum\b|\boil\b|\bprp\b|tretinoin",
    "sleep_position": r"\bsleep\w*|pillow\w*",
    "cost": r"\bprice\w*|\bcost\w*|how much (?:is|are|does|for)",
    "session_frequency": r"next session|how many sessions|how often",
    "results_timeline": r"\bresults?\b|see (?:any |a )?(?:difference|growth)",
    "home_devices": r"derma ?roller|\broller\b|derma ?pen",
    "contraindications": r"pregnan\w*|breast-? ?feed\w*|warfarin|blood thinner\w*|diabet\w*"
    r"|apixaban|eliquis|xarelto|rivaroxaban|clopidogrel|anticoagulant\w*",
}

_UNDER_18 = (
    r"\bi'?m (?:only )?1[0-7]\b(?! ?(?:h|d|w|m|st))|\b1[0-7] years? old|under ?18"
    r"|\b(?:son|daughter|brother|sister|nephew|niece|kid)(?:'?s| is) (?:only |just )?1[0-7]\b(?! ?(?:h|d|w|m|st))"
)

# Words surer than any classifier: where one stands, the topic is this one, unless the classifier found a topic that
# the word fits as well.
_SURE: tuple[tuple[str, str, frozenset[str]], ...] = (
    (
        r"\b(?:would|is|be) (?:that|it|this)(?: be)? (?:an |a real )?emergency|counts? as an emergency"
        r"|\bwhen (?:do|should|would|must) i (?:call|ring|phone|dial) (?:999|911|112|an ambulance|the emergency)",
        "infection_signs",
        frozenset(),
    ),
    (
        r"caffeine",
        "other_treatments",
        frozenset({"other_treatments", "washing_hair", "hair_products_dye"}),
    ),
    (
        r"hot bath|hot ?tub|jacuzzi|sauna|steam room",
        "exercise_sweat",
        frozenset(
            {
                "exercise_sweat",
                "sunscreen",
                "infection_prevention",
                "healing_timeline",
                "side_effects",
                "scarring",
                "alcohol_smoking",
                "hair_products_dye",
                "minoxidil_timing",
                "other_treatments",
            }
        ),
    ),
    (
        r"chlorin|\bdips?\b|\bdipping\b|paddling|head above|\blido\b|water ?park",
        "exercise_sweat",
        frozenset({"exercise_sweat"}),
    ),
    (
        r"\b(?:can|may|could|safe to|ok(?:ay)? to|allowed to|able to|fit to) (?:i |he |she )?(?:\w+ )?drive\b",
        "procedure",
        frozenset(),
    ),
    (
        r"(?<!dry )shampoo|head (?:and|&|n) shoulders",
        "washing_hair",
        frozenset({"washing_hair", "hair_products_dye", "other_treatments"}),
    ),
    (
        _UNDER_18,
        "contraindications",
        frozenset({"contraindications"}),
    ),
)


def names_minor(text: str) -> bool:
    """Whether the text is about somebody under 18."""
    return re.search(_UNDER_18, text.lower()) is not None


def surest(topics: list[str], text: str) -> list[str]:
    """The classifier's topics, or the one that a sure word names."""
    words = text.lower()
    for pattern, topic, fitting in _SURE:
        if re.search(pattern, words) and not fitting & set(topics):
            return [topic]
    return topics


def both_asked(topics: list[str], text: str) -> list[str]:
    """The second topic only where the words join two questions and name it; a classifier's doubt is no question."""
    if len(topics) < 2:
        return topics
    words = text.lower()
    joined = re.search(r"\band\b|\balso\b|\bplus\b|&|\btwo things\b|,|\?.*\?|\bor\b", words)
    return topics[:2] if joined and topics[1] in subjects(words) else topics[:1]


def several_asked(topics: list[str], text: str) -> list[str]:
    """One topic for each part of a message, where the parts name one thing each that has a time of its own."""
    parts = re.split(r"[?!;,\n]+|\.(?!\d)| and | also | plus ", text.lower())
    named = list(dict.fromkeys(found[0] for part in parts if (found := subjects(part))))
    listed = subjects(text)  # "so pool dye gym minox all fine?"
    named = listed if len(listed) >= _A_LIST and len(text.split()) <= _SHORT else named
    fits = len(named) > 1 and set(topics[:1]) <= set(ACTIVITIES) and set(named) <= set(ACTIVITIES)
    return named if fits else topics


def activity_for(topic: str, text: str) -> str | None:
    """The activity of the care plan that a message about `topic` means, or None when the topic has none."""
    choices = ACTIVITIES.get(topic, ())
    named = [activity for activity, pattern in choices if pattern and re.search(pattern, text.lower())]
    if named:
        return named[0]
    return choices[0][0] if choices else None


def activities_named(topic: str, text: str) -> list[str]:
    """Every activity of a topic that the text names outright."""
    choices = ACTIVITIES.get(topic, ())
    return [name for name, pattern in choices if re.search(pattern or _FIRST_ACTIVITY.get(topic, r"$^"), text.lower())]


def subjects(text: str) -> list[str]:
    """Topics the text names outright, in the order it names them."""
    words = text.lower()
    found = [(match.start(), topic) for topic, pattern in SUBJECTS.items() if (match := re.search(pattern, words))]
    return [topic for _, topic in sorted(found)]


def is_small_amount(text: str) -> bool:
    """Whether the text asks for an exception for a small amount."""
    return re.search(TINY, text.lower()) is not None


def names_nsaid(text: str) -> bool:
    """Whether the text names an anti-inflammatory painkiller."""
    return re.search(NSAID, text.lower()) is not None
