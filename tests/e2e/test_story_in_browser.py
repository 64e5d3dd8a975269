"""The main story, in a browser on both sides: a question, an alarm, a nurse, and the assistant again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .pages import SESSION_QUESTION, Console, Widget, conversation_of
from .stack import Stack, until

ALARM = "it oozes and i feel hot"
WORD = "Hello, I have read it. Can you send me a photo?"


def test_from_a_question_to_a_nurse_and_back(new_page: Callable[..., Page], stack: Stack) -> None:
    widget, console = Widget(new_page()), Console(new_page(), stack)

    answer = widget.asks("can I put my Rogaine on before bed?")
    assert "minoxidil" in answer.lower()
    assert SESSION_QUESTION.search(answer), answer

    advice = widget.asks(ALARM)
    assert "today" in advice
    assert stack.clinic.contacts.phone in advice or stack.clinic.contacts.out_of_hours_phone in advice

    # The nurse's queue shows it by itself, and above every case that is less urgent.
    conversation_id = conversation_of(stack, ALARM)
    expect(console.row(conversation_id)).to_be_visible()
    (case,) = stack.cases(conversation_id)
    assert case["tier"] == 2
    tiers = console.page.locator("#rows > li .chip").all_inner_texts()
    assert tiers == sorted(tiers, key=["Emergency", "Urgent", "Routine"].index)

    console.row(conversation_id).click()
    expect(console.transcript.locator("mark")).to_contain_text(["ooz"])
    expect(console.page.locator("#why .sign").first).to_be_visible()
    expect(console.page.locator("#why .quote").first).to_contain_text("ooz")

    console.presses("Take over")
    expect(widget.log.get_by_text("Maya Brooks").first).to_be_attached()
    before = len(widget.heard)
    widget.says("are you there? can I wash my hair?")
    expect(console.transcript.get_by_text("can I wash my hair?")).to_be_visible()
    console.replies(WORD)
    expect(widget.log.get_by_text(WORD)).to_be_visible()
    expect(widget.title).to_contain_text("Maya Brooks")
    assert widget.heard[before:] == [WORD], "the bot is silent while the nurse has the chat"

    console.hands_back("It is answered")
    expect(widget.title).to_contain_text(stack.clinic.tone.bot_name)
    console.closes("Advice given")
    expect(console.page.locator("#banner")).to_contain_text("Closed: advice given")
    (case,) = stack.cases(conversation_id)
    assert (case["state"], case["outcome"]) == ("closed", "advice_given")

    answer = widget.asks("when can I go swimming?")
    assert "pool" in answer.lower()


def test_a_reload_brings_the_same_conversation_back(new_page: Callable[..., Page]) -> None:
    widget = Widget(new_page())
    widget.asks("when may I dye my hair?")
    said = widget.heard
    widget.page.reload()
    widget.page.get_by_role("button", name="Chat with the clinic").click()
    expect(widget.log.get_by_text("when may I dye my hair?")).to_be_visible()
    until(lambda: widget.heard == said, "the same words, once")


def test_words_are_shown_and_never_run(new_page: Callable[..., Page], stack: Stack) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"> there is pus <script>document.title='owned'</script>"
    widget, console = Widget(new_page()), Console(new_page(), stack, "Rosa Lind")
    widget.asks(hostile)
    expect(widget.log.get_by_text(hostile)).to_be_visible()
    console.page.goto(f"/console/conversations/{conversation_of(stack, hostile)}")
    expect(console.transcript.get_by_text("<img src=x")).to_be_visible()
    for page in (widget.page, console.page):
        assert page.title() != "owned"
        assert page.locator("#transcript img, article img").count() == 0


def test_what_is_written_while_the_bot_is_away_arrives_once_it_is_back(
    new_page: Callable[..., Page], stack: Stack
) -> None:
    widget = Widget(new_page())
    widget.asks("when can I wash my hair?")
    conversation_id = conversation_of(stack, "when can I wash my hair?")
    stack.kill("bot")
    for text in ("and when can I swim?", "and dye it?"):
        widget.says(text)
        expect(widget.log.get_by_text(text)).to_be_visible()
    expect(widget.page.locator(".strip.bad, .strip.warn")).to_be_visible()
    stack.start("bot")
    until(lambda: "dye" in " ".join(widget.heard[-2:]).lower(), "both are answered, without a reload")
    expect(widget.page.locator(".strip.bad, .strip.warn")).to_have_count(0)
    texts = [row["text"] for row in stack.messages(conversation_id, "patient")]
    assert texts == ["when can I wash my hair?", "and when can I swim?", "and dye it?"]
