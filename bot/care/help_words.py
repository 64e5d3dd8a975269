"""What a patient with an urgent case says of getting help: called, nobody answers, is it needed, it has eased. Pure."""

from __future__ import annotations

import re
from typing import Literal

from bot.triage.words import flat

Said = Literal["unreached", "reached", "will", "needed", "cant_judge", "waiting", "eased"]

_PLACE = (
    r"(?:hospital|a ?& ?e|a and e|\ber\b|emergency|casualty|walk[- ]?in|urgent care|minor injuries|urgencias|urgences"
    r"|the clinic|gp\b|doctor|surgery|vet\b|pharmac|chemist|ambulance)"
)
_LINE = (
    r"(?:them|you(?: lot| guys)?|999|911|112|111|101|988|116 ?123|0\d{2,}|(?:an? |the |my |your )?(?:ambulance"
    r"|clinic|vet"
    r"|poison|nurse|doctor|gp|line|number|hospital|helpline|samaritans|paramedics?|emergency|nhs|out of hours|pharmac))"
)
_SOMEBODY = (
    r"(?:i(?:'ve| have)?|we(?:'ve| have)?|he(?:'s| has)?|she(?:'s| has)?|they(?:'ve| have)?"
    r"|(?:my )?(?:wife|husband|partner|mum|mom|dad|mother|father|daughter|son|flatmate|friend|sister|brother"
    r"|colleague|neighbour|boyfriend|girlfriend))"
)
_DISEASE = (
    r"(?:shingles|herpes|cellulitis|sepsis|septic|infect\w+|anaphyla\w+|allerg\w+|heart ?attack|stroke|abscess"
    r"|folliculitis|ringworm|mrsa|impetigo|heartburn|panic|anxiety|blood clot|an? clot|eczema|psoriasis|meningitis)"
)
# In this order, so that "I rang and nobody picks up" is not taken for help reached.
_SAYS: dict[Said, re.Pattern[str]] = {
    "unreached": re.compile(
        r"\b(?:no ?body|no[- ]one|they|it|phone|line|number|999|111)(?:'s| is| are| was| does| do| will| wo| has"
        r"| have)?"
        r"(?:n't| not)? (?:\w+ ){0,2}(?:pick(?:s|ed|ing)? (?:it |the phone )?up|answer(?:s|ed|ing)?\b|engaged|busy"
        r"|r(?:a|i)ngs? out|ringing out|dead|gone to voicemail|goes to voicemail|cut (?:me )?off|h(?:u|a)ngs? up)"
        r"|\bno (?:answer|reply|signal|credit)\b|\b(?:ca|could|cannot|can)(?:n't| not)? get through\b|\bvoice ?mail\b"
        r"|\b(?:been |still |stuck )on hold\b|\b(?:ca|could)(?:n't|nt) (?:call|ring|phone)\b|\bcannot (?:call|ring"
        r"|phone)\b"
    ),
    "reached": re.compile(
        rf"(?:^|[,.;!] ?|\band |\bok(?:ay)? |\bjust |\balready |{_SOMEBODY} )(?:just |already |now |have |finally )*"
        rf"(?:called|rang|rung|phoned|dialled|dialed|spoke (?:to|with)|spoken (?:to|with)|got through)"
        rf"(?: (?:to )?(?:the )?{_LINE}|\W*$|[,.;!]| (?:and|now|already|earlier|up|just now)\b)"
        rf"|\b(?:on the phone|talking|speaking) (?:to|with) {_LINE}"
        r"|\b(?:ambulance|paramedics?|help|lift|taxi|cab)\b[^.?!]{0,20}\b(?:coming|on (?:its|it's|the|their) way"
        r"|en route"
        r"|(?:is|are) here|arrived)"
        rf"|\b(?:i'?m|we'?re|he'?s|she'?s|i am|we are|he is|she is|just|now)\b (?:\w+ ){{0,2}}(?:at|in|inside"
        rf"|on (?:my|our|the"
        rf"|his|her) way to|going to|heading to|off to|driving to|being taken to|waiting (?:at|in)) (?:the |an? "
        rf"|my )?{_PLACE}"
        rf"|\b(?:took|taken|drove|driving|taking|going) (?:me |him |her |us )?(?:down |straight )?(?:to|in to|into)"
        rf" (?:the |my )?{_PLACE}"
        r"|\b(?:seen|looked at|checked(?: over)?|examined) (?:by|at) (?:a |an |the |my )?(?:\w+ )?"
        rf"(?:doctor|nurse|gp|paramedic|vet|pharmacist|{_PLACE})"
        r"|\b(?:gave|given|got|have|booked) (?:me |us )?(?:in )?(?:an? )?(?:appointment|slot|antibiotics|adrenaline"
        r"|epi-?pen|(?:oral |iv )?steroids)\b|\bdischarged\b|\b(?:vet|doctor|nurse|gp|paramedics?|hospital|111|999"
        r"|poison line)(?:'s)? (?:says?|said|told|wants?|wanted)"
        r"[^.?!]{0,20}\b(?:bring|come|go|take|in|fine|ok|okay|home|rest)\b|\bsent (?:me )?home\b|\b(?:back"
        r"|home) (?:again )?from"
        rf" (?:the )?{_PLACE}"
    ),
    "needed": re.compile(
        r"\b(?:do|should|must|shall) (?:i|we|he|she|they) (?:really |still |actually |definitely |even |honestly "
        r"|just )*"
        r"(?:(?:have|need|got) to (?:call|ring|phone|go(?! (?:to|back to) (?:work|the (?:gym|pool)))|bother|see"
        r"|do (?:any|some)thing"
        r"|worry)|bother|call|ring|phone|dial"
        rf"|go(?: in| there| straight)*(?:\W*$| (?:to |in |into )+(?:the |an? )?{_PLACE})|see (?:a|the"
        rf"|my) (?:doctor|gp|nurse))"
        r"|\bis (?:it|that|this|all this) (?:really |actually |honestly )*(?:necessary|needed|urgent|that (?:bad"
        r"|urgent|serious))"
        r"|\b(?:are|r) (?:you|u) (?:really |absolutely |quite )?(?:sure|serious|certain)\b|^\W*(?:you|u) sure\b"
        r"|\b(?:can|could|will)(?:'?t| not)? (?:it|this|that|i)(?: not)?(?: just)? wait\b"
        r"|\bwhat if i (?:do ?n'?t|do not|just wait)\b|\bdo(?:n'?t| not) (?:need|have) to do anything\b"
        r"|\b(?:bit|little) (?:much|over the top|dramatic|ott|extreme)\b"
    ),
    "cant_judge": re.compile(
        r"\bshould (?:i|we) (?:be )?(?:worr|concern|panic|scared)|\b(?:could|might|can) (?:it|this"
        r"|that) (?:just )?be (?:the |a |an |from )?\w+"
        r"|\b(?:is|are|could|might) (?:it|this|that|he|she|they|these)(?: be)? (?:really |very |something "
        r"|anything |that |an? )*"
        rf"(?:bad|serious|dangerous|contagious|normal|emergency|life|fatal|deadly|{_DISEASE})\b"
        r"|\bam i (?:going to|gonna) (?:die|be (?:ok|okay|alright|fine)|lose|go (?:blind|bald))"
        r"|\b(?:did|have|has) (?:i|it|we|that|this) (?:hurt|harm|harmed|damage|damaged|poison|poisoned)\b"
        r"|\bwill (?:i|it|he|she|we|they|(?:the|my) baby) (?:be (?:ok|okay|alright|fine|all right)|die|survive"
        r"|make it)\b"
        r"|\bwhat (?:is|could|might) (?:it|this|that)(?: be)?(?: then)?\W*$|\bwhat have i got\b|\bwhat do (?:you"
        r"|u) think it is\b"
        rf"|^\W*(?:so |and |but )?(?:{_DISEASE})\W*\?"
    ),
    "waiting": re.compile(
        r"\b(?:keep(?:ing)? an eye|wait and see|(?:just )?see (?:how|if|what) (?:it|he|she|i|things)|sleep (?:on it"
        r"|it off)"
        r"|leav(?:e|ing) it (?:for now|till|until|a (?:day|bit|few)|at that|overnight)|ride it out|tough it out"
        r"|give it (?:a|an|till|until|another|some)|(?:do|call|ring|phone|go|sort it)(?: \w+)? (?:later|tomorrow"
        r"|on monday"
        r"|monday|in the morning|next week)|(?:i'?ll|i will|let'?s|gonna) (?:just )?wait\b)"
    ),
    "eased": re.compile(
        r"\b(?:calm(?:ed|ing)(?: right)?(?: down)?|settl(?:ed|ing)|eas(?:ed|ing)|subsid(?:ed|ing)|gone (?:now|away"
        r"|off|down)"
        r"|went (?:off|away|down)|going down|wor(?:e|n) off|brought it down|passed now|back to normal"
        r"|stopped(?: now)?\W*$"
        r"|(?:much |lots |loads |a bit |bit |so much )?better now|feel(?:ing|s)? (?:\w+ )?(?:better|ok|okay|fine"
        r"|alright|normal"
        r"|all right)|(?:i'?m|he'?s|she'?s|it'?s|am|is|all|i'?m all) (?:\w+ )?(?:ok|okay|fine|good|alright|well"
        r"|all right) now"
        r"|seems? (?:\w+ )?(?:fine|ok|okay|alright|well|better|happy)|(?:he|she|it|i)(?:'s| is|'m"
        r"| am) (?:absolutely |totally )?"
        r"(?:fine|ok|okay|playing|eating|asleep|sleeping|happy)\b|can still see)"
    ),
    "will": re.compile(
        r"^\W*(?:(?:ok(?:ay)?|right|alright|yes|yeah|fine|thanks?|thank you|sure)\W+)*(?:(?:i'?ll|i will|will|gonna"
        r"|going to|i'?m"
        r" going to) (?:just )?(?:do(?: that| so| it)?|call|ring|phone|go)|(?:calling|ringing|phoning"
        r"|going)(?= (?:them|now|you|999"
        r"|111|in)|\W*$))(?: (?:them|you|now|it|in|up|straight away|right away|right now|then|999|111|911|112"
        r"|the (?:clinic"
        r"|vet|doctor|number|line)|there|thanks?|thank you|cheers|asap))*\W*$"
    ),
}
_ASKS = re.compile(
    r"\b(?:when|can|could|may|how|what|which|should|is it (?:ok|safe|fine)) (?:i|we|do|can|soon|long|to|it|he|she)\b"
)
_NOT = re.compile(r"\b(?:not|never|n't|isnt|hasnt|havent|didnt|wasnt|wont|if|should|could|would|want|need|was)\b|n't\b")
_BEFORE = 24  # letters before a match in which a "not" still denies it
_ASKS_OR_STATES = {"needed", "cant_judge", "unreached"}  # these hold whatever stands before them


def said_of_help(text: str) -> Said | None:
    """What the message says of the help an open case calls for; None where it says nothing of it."""
    words = flat(text)
    for said, pattern in _SAYS.items():
        found = pattern.search(words)
        if found and (said in _ASKS_OR_STATES or not _denied(words, found)):
            return said
    return None


def asks_more(text: str) -> bool:
    """Whether a question of some kind stands in the message."""
    return "?" in text or _ASKS.search(text.lower()) is not None


def says_safe(text: str) -> bool:
    """Whether somebody asked if they are safe says so in words of their own: "I'm ok, my mum is here"."""
    words = flat(text)
    found = re.search(
        r"\b(?:i'?m|i am|im|we'?re|feel|yes|am)\W+(?:(?:quite|very|totally|completely|perfectly|pretty|all|really)\W+)?"
        r"(?:safe|ok|okay|alright|fine|not (?:going to|gonna) (?:do|hurt|act))\b|\bnot in (?:any )?danger\b|^\W*safe\b"
        r"|\bnot alone\b|\b(?:with me|is here|here with me)\b",
        words,
    )
    return (
        found is not None
        and "?" not in words
        and not re.search(r"\bnot (?:really |very |that )?(?:safe|ok|fine)", words)
    )


def _denied(words: str, found: re.Match[str]) -> bool:
    clause = re.split(r"[,.;!?]| but | and ", words[: found.start()])[-1]
    return _NOT.search(clause[-_BEFORE:] + " " + found[0]) is not None
