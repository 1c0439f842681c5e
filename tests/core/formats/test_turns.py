"""Turns, and the words that ask about an image."""

from __future__ import annotations

import pytest

from headroom_core.formats import find

IMAGE = {"type": "image_url", "image_url": "https://example.com/a.png"}
PART = {"fileData": {"mimeType": "image/png", "fileUri": "gs://a"}}


def user(*content, **more):
    return {
        "role": "user",
        "content": [{"type": "text", "text": c} if isinstance(c, str) else c for c in content],
        **more,
    }


def says(text):
    return {"role": "assistant", "content": text}


def calls(name, call_id, arguments="{}"):
    return {"role": "assistant", "tool_calls": [{"id": call_id, "function": {"name": name, "arguments": arguments}}]}


def heard(request, **more):
    return [(block.turn, block.query.text, block.query.from_tool) for block in find(request, **more)]


def test_a_turn_is_what_stands_between_two_assistant_messages():
    talk = [
        {"role": "system", "content": "system words"},
        user("one", IMAGE),
        {"role": "developer", "content": "developer words"},
        {"role": "user", "content": "still one"},
        says("a"),
        says("b"),
        user(IMAGE, "two"),
        {"role": "assistant", "content": None},
        user(IMAGE),
    ]
    assert heard(talk) == [(0, "one\nstill one", False), (1, "two", False), (2, "", False)]


def test_a_tools_picture_is_asked_about_by_the_last_question_and_its_own_call():
    talk = [
        user("Where is the cat?"),
        {**calls("shot", "1", '{"page": 1}'), "content": "thinking aloud"},
        {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "tool words"}, IMAGE]},
        calls("zoom", "2", '{"page": 2}'),
        {"role": "tool", "tool_call_id": "2", "content": [IMAGE]},
        says("there"),
        user("And the dog?", IMAGE),
    ]
    assert heard(talk) == [
        (1, 'Where is the cat?\nshot {"page": 1}', True),
        (2, 'Where is the cat?\nzoom {"page": 2}', True),
        (3, "And the dog?", False),
    ]


def test_parallel_calls_are_matched_by_their_ids():
    call = calls("shot", "1")
    call["tool_calls"].append({"id": "2", "function": {"name": "scan", "arguments": "{}"}})
    rows = [{"role": "tool", "tool_call_id": name, "content": [IMAGE]} for name in ("2", "1")]
    assert [text for _, text, _ in heard([user("q"), call, *rows])] == ["q\nscan {}", "q\nshot {}"]


@pytest.mark.parametrize(
    "moved", ["The tool call above generated the attached media.", "Take note of the following content"]
)
def test_a_frameworks_sentence_is_nobodys_words(moved):
    tool = {"role": "tool", "tool_call_id": "1", "content": "ok"}
    talk = [user("Find the error."), calls("shot", "1"), tool, user(moved, IMAGE)]
    longer = [*talk, calls("shot", "1"), tool, user(moved, IMAGE)]
    expected = "Find the error.\nshot {}"
    assert heard(longer) == [(1, expected, True), (2, expected, True)]
    assert heard(talk) == heard(longer)[:1]


def test_words_said_beside_tool_results_are_carried_with_the_question():
    tool = {"role": "tool", "tool_call_id": "1", "content": [IMAGE]}
    talk = [user("Q"), calls("a", "1"), tool, user("hurry"), calls("b", "1"), tool]
    assert [text for _, text, _ in heard(talk)] == ["Q\na {}\nhurry", "Q\nhurry\nb {}"]


TOOL_TALKS = {
    "Anthropic": [
        user("q"),
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "shot", "input": {"n": [1, None]}}]},
        user({"type": "tool_result", "tool_use_id": "t", "content": [IMAGE]}),
    ],
    "Responses": [
        user("q"),
        {"type": "function_call", "call_id": "t", "name": "shot", "arguments": '{"n":[1,null]}'},
        {"type": "function_call_output", "call_id": "t", "output": [IMAGE]},
    ],
    "custom tool": [
        user("q"),
        {"type": "custom_tool_call", "call_id": "t", "name": "shot", "input": '{"n":[1,null]}'},
        {"type": "custom_tool_call_output", "call_id": "t", "output": [IMAGE]},
    ],
    "Gemini": [
        {"role": "user", "parts": [{"text": "q"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "shot", "args": {"n": [1, None]}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "shot", "parts": [PART]}}]},
    ],
    "Gemini, by id": [
        {"role": "user", "parts": [{"text": "q"}]},
        {
            "role": "model",
            "parts": [
                {"function_call": {"id": "1", "name": "shot", "args": {"n": [1, None]}}},
                {"function_call": {"id": "2", "name": "shot", "args": {}}},
            ],
        },
        {"role": "function", "parts": [{"function_response": {"id": "1", "name": "shot", "parts": [PART]}}]},
    ],
    "Bedrock": [
        {"role": "user", "content": [{"text": "q"}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "shot", "input": {"n": [1, None]}}}]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [IMAGE]}}]},
    ],
    "LangChain": [
        {"type": "human", "content": "q"},
        {"type": "ai", "content": "", "tool_calls": [{"id": "t", "name": "shot", "args": {"n": [1, None]}}]},
        {"type": "tool", "tool_call_id": "t", "content": [IMAGE]},
    ],
    "legacy function": [
        user("q"),
        {"role": "assistant", "function_call": {"name": "shot", "arguments": '{"n":[1,null]}'}},
        {"role": "function", "name": "shot", "content": [IMAGE]},
    ],
}


@pytest.mark.parametrize("talk", TOOL_TALKS.values(), ids=TOOL_TALKS.keys())
def test_the_call_is_found_in_every_shape(talk):
    assert heard(talk) == [(1, 'q\nshot {"n":[1,null]}', True)]


def test_an_image_of_the_models_own_is_marked_and_asked_by_what_it_answers():
    made = {"role": "model", "parts": [{"text": "here"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]}
    talk = [
        {"role": "user", "parts": [{"text": "Draw a cat."}]},
        made,
        {"role": "user", "parts": [{"text": "bigger"}, PART]},
    ]
    model, later = find(talk)
    assert (model.from_model, model.turn, model.query.text) == (True, 1, "Draw a cat.")
    assert (later.from_model, later.turn, later.query.text) == (False, 1, "bigger")
    assert find(talk[:2]) == (model,)


def test_a_document_quotes_and_does_not_ask():
    source = {"type": "content", "content": [{"type": "text", "text": "quoted"}, IMAGE]}
    assert heard([user({"type": "document", "source": source}, "ask")]) == [(0, "ask", False)]


def test_a_long_query_keeps_its_beginning_and_its_end():
    (block,) = find([user("first " + "read " * 200_000 + " last", IMAGE)])
    assert len(block.query.text) <= 20_001
    assert block.query.text.startswith("first read")
    assert block.query.text.endswith("read  last")


def test_a_long_call_is_cut():
    huge = {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {"a": "x" * 9_000_000}}],
    }
    (block,) = find([huge, user({"type": "tool_result", "tool_use_id": "t", "content": [IMAGE]})])
    assert len(block.query.text) < 2100


def test_images_of_one_turn_share_one_query():
    first, second = find([user("q", IMAGE, IMAGE)])
    assert first.query is second.query


def test_plain_strings_are_words():
    assert heard(["What is this?", {"parts": [PART]}]) == [(0, "What is this?", False)]
    assert heard({"contents": ["What is this?", PART]}) == [(0, "What is this?", False)]
    assert heard([{"role": "user", "content": ["a", "b", IMAGE]}]) == [(0, "a\nb", False)]


def test_lone_surrogates_are_made_readable():
    ((_, text, _),) = heard([user("\ud800 lone", IMAGE)])
    assert text.encode() == b"? lone"


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
SYSTEM = "Transcribe every label."


@pytest.mark.parametrize(
    "request_",
    [
        [{"role": "system", "content": SYSTEM}, {"role": "user", "content": [PICTURE]}],
        [{"role": "developer", "content": [{"type": "text", "text": SYSTEM}]}, {"role": "user", "content": [PICTURE]}],
        {"system": SYSTEM, "messages": [{"role": "user", "content": [PICTURE]}]},
        {"system": [{"type": "text", "text": SYSTEM}], "messages": [{"role": "user", "content": [PICTURE]}]},
        {"instructions": SYSTEM, "input": [{"role": "user", "content": [PICTURE]}]},
        {"systemInstruction": {"parts": [{"text": SYSTEM}]}, "contents": [{"role": "user", "parts": [PICTURE]}]},
        {"config": {"system_instruction": SYSTEM}, "contents": [{"role": "user", "parts": [PICTURE]}]},
    ],
)
def test_instructions_are_the_background_of_every_picture(request_):
    (block,) = find(request_)
    assert (block.query.text, block.query.background) == ("", SYSTEM)


def test_the_background_is_what_was_said_before_and_nothing_after():
    start = [
        {"role": "user", "content": "I will send a picture. Count the birds in it."},
        {"role": "assistant", "content": "Send it."},
        {"role": "user", "content": [PICTURE]},
    ]
    later = [{"role": "assistant", "content": "Three."}, {"role": "system", "content": SYSTEM}]
    (block,), (again,) = find(start), find([*start, *later])
    assert block.query.background == "I will send a picture. Count the birds in it."
    assert again.query == block.query
