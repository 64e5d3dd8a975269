"""Details of a topic that have an answer of their own, found by their words. The first match of a topic wins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.care.topic_words import ELSEWHERE, NSAID

_BEFORE = (
    r"\bbefore (?:my |the |a |your |an )?(?:next |first )?(?:session|appointment|appt|treatment"
    r"|procedure|needling|microneedling)"
)

HELMET = r"helmet|hard ?hat"
ANTIBIOTIC = r"(?:antibiotic|neosporin|fucidin|polysporin|bacitracin|amoxi|flucloxa|doxycyc|penicillin)"

DETAILS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "side_effects": (
        (r"burn", "utter_side_effects_burning"),
        (r"shed|hair (?:is )?(?:fall|com)", "utter_side_effects_shedding"),
        (r"numb", "utter_side_effects_numb"),
        (r"headache|head ?ache|head hurts", "utter_side_effects_headache"),
        (r"bleed|blood", "utter_side_effects_bleeding"),
        (r"scab|bruis|crust", "utter_side_effects_scabs"),
        (r"flak|peel|dandruff|\bdry", "utter_side_effects_flaking"),
        (r"bump|spot|pimple", "utter_side_effects_bumps"),
        (r"itch|pica\b|picor", "utter_side_effects_itch"),
        (r"swell|swollen|puff", "utter_side_effects_swelling"),
        (r"sting|tingl|prickl", "utter_side_effects_sting"),
        (r"\bred\b|redness|pink|flush|warm", "utter_side_effects_redness"),
    ),
    "healing_timeline": ((r"work|office|meeting|zoom|school|wedding|present", "utter_healing_timeline_work"),),
    "pain_relief": (
        (
            r"warfarin|blood thinner|apixaban|eliquis|xarelto|clopidogrel|prescribed|baby aspirin"
            r"|heart aspirin",
            "utter_nsaid_prescribed",
        ),
        (r"\b\d+ ?mg|how (?:many|much|often)|dose|double", "utter_pain_relief_dose"),
        (r"cream|gel\b|lotion|aloe|spray|numb", "utter_pain_relief_cream"),
        (r"fever|temperature|shiver", "utter_pain_relief_masking"),
    ),
    "minoxidil_timing": (
        (r"caffeine", "utter_caffeine"),
        (r"(?:lower|less|reduc\w+|fewer|avoid) (?:the |its |my )?side", "utter_minoxidil_seed_myth"),
        (r"\boral\b|tablet|pill|by mouth", "utter_minoxidil_oral"),
        (
            r"already (?:put|used|applied|sprayed|did)|(?:put|used|applied|sprayed) (?:it|some"
            r"|my \w+)? ?(?:on )?(?:by mistake|too early|already|last night|this morning)"
            r"|forgot and|accident|out of habit",
            "utter_minoxidil_used_early",
        ),
        (ELSEWHERE, "utter_minoxidil_elsewhere"),
        (r"(?:if|when) it (?:sting|burn)|it (?:stings|burns) when", "utter_minoxidil_stings"),
        (
            _BEFORE + r"|\bbeforehand\b|in the run-? ?up|when (?:do|should|must) i stop|stop (?:it|using|my|taking)"
            r"|(?:should|must|do) i (?:(?:have|need) to )?stop",
            "utter_minoxidil_before",
        ),
        (
            r"\bdos(?:e|es|age)\b|\bhow (?:many|much) (?:ml|millilitres?|drops?|squirts?|sprays?|pumps?|liquid|foam)\b",
            "utter_minoxidil_how_to",
        ),
    ),
    "minoxidil_side_effects": (
        (r"\bcats?\b|\bdogs?\b|\bpets?\b|kitten|puppy", "utter_minoxidil_pets"),
        (r"child|kids?\b|toddler|baby|son\b|daughter", "utter_minoxidil_children"),
        (r"pregnan|breast-? ?feed|nursing", "utter_minoxidil_pregnancy"),
        (r"shed|fall(?:ing|s)? out|hair loss|los(?:e|ing) (?:\w+ ){0,2}hairs?\b", "utter_minoxidil_shed"),
        (r"face|facial|cheek|forehead hair|eyebrow", "utter_minoxidil_face_hair"),
        (r"(?:lower|less|reduc\w+|fewer) (?:the |its |my )?side", "utter_minoxidil_seed_myth"),
        (r"\boral\b|tablet|pill|by mouth", "utter_minoxidil_oral"),
        (r"\bml\b|\bdoses?\b|how (?:much|many)\b", "utter_minoxidil_how_to"),
        (r"foam|liquid|flammable|smok", "utter_minoxidil_foam"),
        (r"how (?:do|often)|apply", "utter_minoxidil_how_to"),
    ),
    "sunscreen": (
        (HELMET, "utter_infection_prevention_helmet"),
        (r"sun ?bed|tann?ing|\btan\b|solarium", "utter_sunbed"),
    ),
    "infection_signs": (
        (
            r"(?:counts|is|that|as) (?:as )?a fever|temperature|how high"
            r"|\b3[5-9][.,]\d",
            "utter_infection_signs_fever",
        ),
        (
            r"emergency|ambulance|\b999\b|\b911\b|\b112\b|hospital|a ?& ?e\b|throat|breath|tongue|\blips?\b"
            r"|swoll?en? face"
            r"|face (?:swell|swoll)|when (?:do|should|must) i (?:call|ring|phone|worry)|who (?:do|should) i (?:call"
            r"|ring)",
            "utter_infection_signs_emergency",
        ),
    ),
    "infection_prevention": (
        (ANTIBIOTIC, "utter_infection_prevention_antibiotic"),
        (
            r"antisept|alcohol|peroxide|dettol|savlon|betadine|iodine|chlorhex|saline"
            r"|witch hazel|tea tree",
            "utter_infection_prevention_antiseptic",
        ),
        (r"pillow|towel|sheet|bedding", "utter_infection_prevention_pillow"),
        (HELMET, "utter_infection_prevention_helmet"),
    ),
    "washing_hair": (
        (r"scrub|nail|scratch|exfoliat|brush|flakes? off", "utter_washing_hair_scrub"),
        (r"caffeine(?! shampoo)", "utter_caffeine"),
        (
            r"head (?:and|&|n) shoulders|ketoconazole|nizoral|medicated|caffeine|alpecin|anti-?dandruff"
            r"|salicyl|t/?gel"
            r"|stimulating",
            "utter_washing_hair_medicated",
        ),
        (r"dryer|blow ?dry|hairdryer", "utter_washing_hair_dryer"),
        (_BEFORE, "utter_washing_hair_before"),
        (r"lukewarm|cold water|warm water|water temp|hot water", "utter_washing_hair_lukewarm"),
        (
            r"body|below the neck|without wetting|keep(?:ing)? (?:my )?(?:head|hair"
            r"|scalp) dry",
            "utter_washing_hair_body",
        ),
    ),
    "exercise_sweat": (
        (HELMET, "utter_infection_prevention_helmet"),
        (r"\bwalk|(?<!hot )(?<!pod )(?<!bikram )yoga|stretch|stroll|housework", "utter_exercise_walk"),
    ),
    "hair_products_dye": (
        (HELMET, "utter_infection_prevention_helmet"),
        (r"caffeine", "utter_caffeine"),
        (r"wig|toupee|hair system|extension|weave|braid|topper", "utter_wig_system"),
        (r"hair ?cut|barber|trim|shave|clipper|buzz", "utter_haircut"),
        (r"(?<!dry )shampoo", "utter_washing_hair_medicated"),
    ),
    "other_treatments": (
        (r"caffeine", "utter_caffeine"),
        (r"topical fin|fin\w* (?:spray|gel|solution|topical)|dutasteride (?:topical|meso)", "finasteride_topical"),
        (r"finast|propecia|\bfin\b|dutast", "utter_finasteride_tablets"),
        (r"\bprp\b|plasma", "prp"),
        (r"steroid|clobetasol|betamethasone|cortico|hydrocort", "utter_steroid"),
        (r"tretinoin|retin|adapalene|acid\b|tazorac", "utter_retinoid"),
        (r"laser|red light|\blllt\b|light therapy", "utter_laser_cap"),
        (r"exosome|stem cell", "utter_exosomes"),
        (r"biotin|vitamin|supplement|iron|zinc|collagen|saw palmetto", "utter_supplements"),
        (r"\boil|serum|tonic|rosemary|castor|peptide|copper|redensyl|hyaluron", "utter_oils_serums"),
    ),
    "how_it_works": (
        (r"muscle", "utter_how_it_works_muscle"),
        (r"hereditar|genetic|inherit|alopecia", "utter_how_it_works_heredity"),
        (
            r"evidence|stud(?:y|ies)|proof|trial|research|percent|really work"
            r"|actually work",
            "utter_how_it_works_evidence",
        ),
        (r"what kind|which (?:type|kind)|patchy|areata|suitable for", "utter_how_it_works_who"),
    ),
    "needle_length": (
        (r"home|derma ?roller|myself", "utter_needle_length_home"),
        (r"\b[23](?:[.,]\d)? ?mm|deep(?:er|est)?", "utter_needle_length_deep"),
    ),
    "procedure": (
        (r"numb|anaesth|anesth|lidocaine|emla|cream", "utter_procedure_numbing"),
        (r"hurt|pain|sore", "utter_procedure_hurt"),
        (r"drive|bus|get home", "utter_procedure_drive"),
        (r"steril|qualif|licen|trained|who does|safe", "utter_procedure_safety"),
        (r"prepare|eat|before|bring|breakfast", "utter_procedure_prepare"),
    ),
    "contraindications": (
        (
            r"(?:left ?over|spare|take (?:a few|some|my)|safe side).*"
            + ANTIBIOTIC
            + "|"
            + ANTIBIOTIC
            + r".*(?:left ?over|spare|take (?:a few|some|my)|safe side)",
            "utter_infection_prevention_antibiotic",
        ),
        (
            r"\b(?:stop|skip|pause|miss|drop|come off|leave off|lay off)(?:ping|ped|s)?\b(?: \w+){0,2} (?:it|them"
            r"|that|those"
            r"|taking|tablets?|pills?)\b",
            "utter_contraindications_stop",
        ),
        (
            r"warfarin|thinner|apixaban|eliquis|xarelto|rivarox|clopidogrel"
            r"|aspirin|anticoag",
            "utter_contraindications_thinners",
        ),
        (r"pregnan|breast-? ?feed|nursing|trying for a baby", "utter_contraindications_pregnancy"),
        (r"isotretinoin|accutane|roaccutane", "utter_contraindications_isotretinoin"),
        (r"chemo|immun|transplant|lupus|methotrexate|\bhiv\b|prednis", "utter_contraindications_immune"),
        (r"diabet|insulin|metformin", "utter_contraindications_diabetes"),
        (r"keloid|scar", "utter_contraindications_keloid"),
        (
            r"eczema|psoria|acne|cold sore|herpes|derma?titis|fungal"
            r"|ringworm|infection",
            "utter_contraindications_skin",
        ),
        (r"\b1[0-7]\b|years? old|teen|under ?18|my (?:son|daughter)", "utter_contraindications_age"),
    ),
    "results_timeline": (
        (r"last|permanent|stop (?:the|having|doing)|keep going|forever", "utter_results_timeline_last"),
    ),
    "scarring": (
        (r"\brf\b|radio ?freq", "rf"),
        (r"keloid", "utter_contraindications_keloid"),
        (r"dark|pigment|brown|mark", "utter_scarring_dark"),
        (r"follicle|damage|kill", "utter_scarring_hair"),
    ),
    "home_devices": (
        (
            r"share|borrow|friend'?s|mate'?s|partner'?s|someone else|brother|sister|wife|husband"
            r"|use it too",
            "utter_home_devices_share",
        ),
        (r"\bto clean|clean (?:it|my|the|a)\b|cleaning|steril|disinfect|alcohol|soak", "utter_home_devices_clean"),
        (r"replace|how (?:long|often|many)|new one|bent|blunt", "utter_home_devices_replace"),
        (r"\bpen\b|derma ?pen|dr\.? ?pen", "utter_home_devices_pen"),
        (r"\d ?mm|length|depth", "utter_needle_length_home"),
    ),
    "cost": (
        (r"insur|nhs pay|covered", "utter_cost_insurance"),
        (r"refund|money back|cancel", "utter_cost_refund"),
    ),
    "alcohol_smoking": (
        (NSAID, "utter_alcohol_with_painkiller"),
        (_BEFORE, "utter_alcohol_before"),
        (r"smok|cigar|vap|nicotine|weed|cannabis|joint|shisha", "utter_smoking"),
    ),
    "sleep_position": ((r"\bcap\b|bonnet|durag|\bhat\b", "utter_sleep_cap"),),
}


def detail_for(topic: str, text: str) -> str | None:
    """The response key (or the name of a stance) of the detail asked for, or None."""
    words = text.lower()
    return next((key for pattern, key in DETAILS.get(topic, ()) if re.search(pattern, words)), None)
