"""Scripts and languages that the readers fail on are recognised by what they make of them."""

from __future__ import annotations

import pytest

from headroom_core.image.reading.script import distrust, script_of

ENGLISH = "Everyone has the right to life, liberty and security of person, and to recognition before the law."


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (ENGLISH, "Latin"),
        ("Alle Menschen sind frei und gleich an Würde", "Latin"),
        ("人人生而自由，在尊严和权利上一律平等", "Han"),
        ("すべての人間は、生まれながらにして自由であり", "Kana"),
        ("Все люди рождаются", "Cyrillic"),
        ("모든 인간은", "Hangul"),
        ("12.40", "Latin"),
    ],
)
def test_the_script_of_most_letters_is_named(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím",
        "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler",
        "Svako ima pravo na život, slobodu i ličnu bezbednost, đaci i građani, čovek, žena",
        "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
        "人人生而自由 USB-C 接口 12 V 电源 Wi-Fi 6 路由器",
        "def read_file(self, fileName: str) -> HTTPResponse: return self.getSession().openStream(fileName)",
        "The MacBook and the iPhone of McDonald, an eBay and a YouTube page, LaTeX, GitHub and PyPI in the text",
    ],
)
def test_what_is_read_well_is_trusted(text: str) -> None:
    assert distrust([text]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι",
        "ENGLISH with Русские слова in it",
        "con ngưi đu đưc to hóa ban cho lý trí và lưong tâm và cn phi đi x vi nhau trong tình bng hu",
        "Bce лHoди",
        "HapeJieHbI Pa3syMOM H COBECTbBEO H AOJMKHEI IIOCTYIIATb B OTHoIIeHHH ApyT ApyTa B AyXe 6paTcTBa KaKAblH",
    ],
)
def test_what_the_readers_make_of_other_scripts_is_not(text: str) -> None:
    assert distrust([text]) is not None


LONG_S = (
    "Ut autem cognofcatur, utrum hifce obfervationibus perturbatio ulla motus martis, ab iovis attractione orta,",
    "oftendatur, abfque eo quod vires directionefque fubtilius perquiramus, quorum unum ad id fpectat",
)


def test_old_print_whose_long_s_is_read_as_f_is_told() -> None:
    assert distrust(LONG_S) == "old print, whose long s is read as f"


@pytest.mark.parametrize(
    "text",
    [
        "Die Aufgabe der Aufbauhilfe: Kaufmann Hoffmann hofft, Impfpass, Strafverfahren und Dampfmaschine.",
        "De afdeling is afgelopen week met name door de hoofddirectie afgebeeld, afhankelijk van de afspraken.",
        "Call fprintf, fputs and fclose; use ftell on the stream, fcntl on the descriptor, stat on special files.",
        "Speak to the scribe who stands beside the spring and asks a question about the discus.",
    ],
)
def test_an_f_of_today_is_no_long_s(text: str) -> None:
    assert distrust([text, ENGLISH]) is None
