"""The topics a message can be about, as staff read and search them. docs/labelling.md says more of each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A topic's plain name, and what belongs there: what a search looks through."""

    name: str
    covers: str


_TOPICS = {
    "side_effects": (
        "Is a reaction normal",
        "redness, warmth, tightness, itch, flakes, bumps, mild swelling, stinging",
    ),
    "healing_timeline": ("How long healing takes", "looking presentable, back to work, back to normal, healed yet"),
    "pain_relief": ("Soreness and painkillers", "paracetamol, ibuprofen, cooling, soothing creams for pain"),
    "minoxidil_timing": (
        "When to use minoxidil",
        "stop, start or restart minoxidil, Rogaine, Regaine; how long to wait",
    ),
    "minoxidil_side_effects": (
        "What minoxidil does",
        "dread shed, facial hair, pets and children, how to use it, foam",
    ),
    "sunscreen": ("Sun and sunscreen", "SPF, hat against the sun, tanning, sunbed, outdoor work, skiing"),
    "infection_signs": (
        "Signs of infection",
        "what infection looks like, normal against infected, what counts as fever",
    ),
    "infection_prevention": ("Keeping it clean", "hands, pillowcase, towels, antiseptic, saline, dirt, helmets, germs"),
    "washing_hair": ("Washing hair", "first wash, shampoo, water, shower, drying, scrubbing flakes off"),
    "exercise_sweat": ("Exercise, pool, sauna", "gym, running, sport, sweat, hot bath, swimming, sea, hot work places"),
    "hair_products_dye": (
        "Styling and dye",
        "bleach, gel, spray, dry shampoo, fibres, wigs, braids, haircut, hats for looks",
    ),
    "other_treatments": (
        "Other treatments",
        "finasteride, PRP, laser cap, oils, serums, caffeine, steroids, tretinoin",
    ),
    "how_it_works": ("How it works", "what it is, why holes grow hair, does it work, evidence, which hair loss"),
    "needle_length": ("Needle length", "millimetres, which depth"),
    "procedure": (
        "The session itself",
        "preparation, numbing cream, does it hurt, how long, eating before, what happens",
    ),
    "contraindications": (
        "Who should tell us first",
        "conditions, medicines, age, pregnancy, allergy, skin disease, before",
    ),
    "session_frequency": ("How often", "how many sessions, how far apart, missed sessions, next session"),
    "results_timeline": ("When results show", "how long they last, no change yet, keep going, growth"),
    "scarring": ("Scars and marks", "keloids, pigment, dark or light marks, damage to hair or skin"),
    "home_devices": ("Rollers at home", "derma rollers and pens: choosing, cleaning, replacing, using them"),
    "cost": ("Prices", "price, packages, refunds, insurance, payment, deposit"),
    "book_or_human": ("Booking, or a person", "book, move, cancel, call-back, documents, opening hours, where you are"),
    "alcohol_smoking": ("Alcohol and smoking", "beer, wine, vaping, cannabis, nicotine"),
    "sleep_position": ("Sleeping", "pillow, side or back, propped up, bonnet in bed, naps"),
    "inform_session_time": ("Says when the session was", "yesterday at 3, it was Monday morning; nothing else asked"),
    "privacy_request": ("Asks about their data", "delete my data, what do you store, export, stop messages"),
    "bot_identity": ("Asks who answers", "are you a robot, who are you, what can you do, who reads this"),
    "out_of_scope": (
        "Not ours to answer",
        "other treatments and body parts, general knowledge, shopping, jokes, chores",
    ),
    "small_talk": ("A remark that asks nothing", "all is well, delight, figures of speech, jokes"),
    "greet": ("A greeting", "hello, good morning; nothing else asked"),
    "thanks": ("Thanks", "thank you, cheers; nothing else asked"),
    "goodbye": ("A goodbye", "bye, see you; nothing else asked"),
    "affirm": ("A yes", "yes, ok, sure, in answer to a question"),
    "deny": ("A no", "no, none of them, in answer to a question"),
    "follow_up_why": ("Asks why", "why, how come, what's the reason"),
    "follow_up_how_long": ("Asks how long, no subject", "how long, until when, for how many days"),
    "correction": ("Corrects us", "no I meant the shampoo, not that, the other one"),
    "anger": ("Is angry with us", "insults, swearing, complaints about the assistant"),
}
TOPICS: Mapping[str, Topic] = {key: Topic(name, covers) for key, (name, covers) in _TOPICS.items()}


def topic_name(topic: str) -> str:
    """A topic's plain name; of one that is not listed, its key in words."""
    known = TOPICS.get(topic)
    return known.name if known else topic.replace("_", " ")
