"""A fever is 38.0 °C or 100.4 °F and up; prices, ages, pulses and times are none."""

import pytest

from bot.triage import Screen, Tier


@pytest.mark.parametrize(
    "text",
    [
        "38.0",
        "38,6",
        "temp is 38.5",
        "101.3 on the thermometer",
        "100.4 f",
        "hundred and two this morning",
        "a hundred and one point five",
        "thirty eight point seven",
        "39 after derma pen",
        "39°C",
        "it shows 39 and i feel sick",
        "102 lol, when can i wash it",
        "I'm 38.5 this morning",
        "im 38.4 and feel rough",
        "the strip went up to 39 last night",
        "hundred 'n' one and achy",
        "the gun in the canteen showed 39 point something and they sent me home",
        "38.3 on the thermometer, what does the shampoo cost",
        "I took my temperature after tea. It said 39",
    ],
)
def test_a_fever_is_urgent(screen: Screen, text):
    verdict = screen(text)
    assert verdict.tier == Tier.URGENT
    assert "fever" in {sign.id for sign in verdict.signs}


@pytest.mark.parametrize(
    "text",
    [
        "36.8",
        "37.5",
        "temp 37.9",
        "100.3 f",
        "98.6 f",
        "38.90 euros",
        "it costs 38.5 euros",
        "im 39",
        "39 years old",
        "pulse 39",
        "appointment at 10:38",
        "bus 39",
        "it is 39 degrees outside",
        "38 grafts",
        "paid 102 for it",
        "42-year-old, can i have it",
        "i was 39 when it started thinning",
        "39.5 in the shop, is that euros",
        "saw 101.50 on the site and 104 in the email, which is it",
        "is it 38.5 for the serum",
        "yes it's 108 degrees here in the desert",
        "my session is at 39 harley street",
        "thermostat on the shower goes 37 38 39",
        "40.1 mpg on the drive home",
        "if i woke up with 38.5, who would i ring",
        "suppose i wake up with a temp of 38 some night",
    ],
)
def test_other_numbers_are_no_fever(screen: Screen, text):
    assert screen(text).tier == Tier.NONE


@pytest.mark.parametrize("text", ["pulse 125 lying down", "resting heart rate 118", "my heart rate is 130 on the sofa"])
def test_a_fast_pulse_at_rest_is_urgent(screen: Screen, text):
    assert screen(text).tier == Tier.URGENT


@pytest.mark.parametrize("text", ["pulse 64", "heart rate 150 on the treadmill", "resting hr 58"])
def test_a_calm_or_exercising_pulse_is_not(screen: Screen, text):
    assert screen(text).tier == Tier.NONE
