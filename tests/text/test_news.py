"""Extraction from the news of other places and habits: typed and single marks, verbs before names, ranks, bodies."""

from datetime import date

import pytest

from app.text.extract import extract

NEWS: dict[str, tuple[str, list[tuple[str, str, str | None]]]] = {
    "rank, then surname": (
        (
            "Admiral Tomas Weld, who commands the northern fleet, told parliament on Monday that the search "
            "“will go on as long as there is daylight”. “We owe it to the families,” Weld said. He added: "
            "“Nobody here has slept.”"
        ),
        [("will go on", "Weld", "Tomas Weld"), ("We owe", "Weld", "Tomas Weld"), ("Nobody", "He", "Tomas Weld")],
    ),
    "british single": (
        (
            "The Prime Minister, Ilse Brandt, told MPs: 'I won't apologise for the ferry line.' Her rival "
            "Oskar Lindh called it 'a bridge to nowhere'. 'The voters' patience is at an end,' he said."
        ),
        [("I won", "Brandt", "Ilse Brandt"), ("a bridge", "Lindh", "Oskar Lindh"), ("The voters", "he", "Oskar Lindh")],
    ),
    "ministry statement": (
        (
            '"The dam is safe and has been inspected twice", the ministry of water said in a statement. A '
            'spokesperson for the ministry told the Morning Star "no village is at risk".'
        ),
        [("The dam", "ministry of water", None), ("no village", "A spokesperson", None)],
    ),
    "body like a pronoun": (
        "Amara Diallo opened the clinic. “The fever spreads,” the WHO said. WHO added: “More will fall ill.”",
        [("The fever", "the WHO", "WHO"), ("More", "WHO", "WHO")],
    ),
    "abbreviated body": (
        (
            "Farmers Without Borders (FWB) condemned the arrests. “Growing rice is not a crime,” FWB said. "
            "The group's director, Amara Diallo, told reporters “we shall go to court”."
        ),
        [("Growing", "FWB", None), ("we shall", "Diallo", "Amara Diallo")],
    ),
    "has said": (
        (
            "The President of Norland, Pavel Grob, has said that his country is “ready for any talks”. Grob "
            "has also described the border as “a scar”."
        ),
        [("ready for", "Grob", "Pavel Grob"), ("a scar", "Grob", "Pavel Grob")],
    ),
    "quoted as saying": (
        (
            'Interior Minister Sana Qadri was quoted by state radio as saying the rioters were "paid from '
            'abroad". An official who asked not to be named said "that is nonsense".'
        ),
        [("paid from", "Qadri", "Sana Qadri"), ("that is nonsense", "An official", None)],
    ),
    "pronoun across paragraphs": (
        (
            "Captain Rosa Milner brought the tanker into port on Friday.\n\n"
            "“The pumps held,” she said.\n\n"
            "“If they had not, we would all be in the water.”\n\n"
            "Harbour master Ivo Penn praised her. “Few could have done it,” he said."
        ),
        [("The pumps", "she", "Rosa Milner"), ("If they", "she", "Rosa Milner"), ("Few could", "he", "Ivo Penn")],
    ),
    "tweet": (
        ("Singer Mia Falk tweeted: “I am safe, and so is my band.” Her manager wrote on her page, “The tour is off.”"),
        [("I am safe", "Falk", "Mia Falk"), ("The tour", "Her manager", None)],
    ),
    "statement read": (
        (
            "The bank closed its doors at noon. A statement on its website read: “All savings are insured.” "
            "“We regret the trouble this has caused”, the statement added."
        ),
        [("All savings", "statement", None), ("We regret", "statement", None)],
    ),
    "according to": (
        (
            "According to Nadia Osei, head of the electoral commission, turnout was “higher than anyone dared "
            "hope”. “Polling went smoothly”, according to the commission."
        ),
        [("higher than", "Osei", "Nadia Osei"), ("Polling", "commission", None)],
    ),
    "speaking to": (
        (
            "Speaking to the Harbour Post, the climber's father, Greg Tolland, said: \"He knew that mountain "
            'better than his own street." Tolland said his son was "careful to a fault".'
        ),
        [("He knew", "Tolland", "Greg Tolland"), ("careful to", "Tolland", "Greg Tolland")],
    ),
    "described as": (
        (
            "Police described the suspect as “a local man in his forties”. Chief Constable Moira Kane said at "
            "a press conference: “There is no danger to the public.”"
        ),
        [("a local", "Police", None), ("There is no", "Kane", "Moira Kane")],
    ),
    "police said": (
        (
            "“A 34-year-old man has been detained”, police said on Sunday. “He was known to us”, Detective "
            "Inspector Hal Bright confirmed."
        ),
        [("A 34", "police", None), ("He was known", "Bright", "Hal Bright")],
    ),
    "said surname after": (
        (
            "Scientists at the observatory saw the comet on 3 May. “It came out of nowhere,” said Jun Takeda, "
            "who leads the team. “We nearly missed it,” added Takeda. “My coffee went cold.”"
        ),
        [
            ("It came", "Takeda", "Jun Takeda"),
            ("We nearly", "Takeda", "Jun Takeda"),
            ("My coffee", "Takeda", "Jun Takeda"),
        ],
    ),
    "colon quote block": (
        (
            "The minister ended with a warning:\n\n"
            '"Those who cut the cables will be found.\n\n'
            '"They will be tried, and they will pay."'
        ),
        [("Those who", "The minister", None), ("They will", "The minister", None)],
    ),
    "nested apposition": (
        (
            "Kofi Mensah, a lawyer for the miners, called the ruling “a slap in the face”. The mine's owner, "
            "Terra Nova Holdings, said it “respects the court”."
        ),
        [("a slap", "Kofi Mensah", "Kofi Mensah"), ("respects", "owner", None)],
    ),
    "in a letter": (
        (
            "In a letter to the council, residents wrote that the smell was “not to be borne”. Councillor Dee "
            "Marsh replied that the plant would be “shut by June”."
        ),
        [("not to be", "residents", None), ("shut by", "Marsh", "Dee Marsh")],
    ),
    "his words": (
        (
            "The coach, Radek Holub, left the pitch in tears. It was, in his words, “the end of a long road”. "
            "“I gave them everything,” he told Czech television."
        ),
        [("the end of", "his", "Radek Holub"), ("I gave", "he", "Radek Holub")],
    ),
    "two speakers in a paragraph": (
        (
            '"The tunnel is open", Transport Secretary Bill Harrow told the House of Commons. The shadow '
            'minister, Jo Pell, asked: "For how long?" Harrow answered: "For good."'
        ),
        [
            ("The tunnel", "Harrow", "Bill Harrow"),
            ("For how", "Pell", "Jo Pell"),
            ("For good", "Harrow", "Bill Harrow"),
        ],
    ),
    "expressed": (
        (
            'UN Secretary-General Ana Brito expressed concern that the truce was "hanging by a thread". A UN '
            'spokesman said: "Both sides must step back."'
        ),
        [("hanging by", "Brito", "Ana Brito"), ("Both sides", "A UN spokesman", None)],
    ),
    "report states": (
        (
            'The report states that guards "looked the other way". Its author, Judge Simon Ferrar, writes: '
            '"It need not have happened."'
        ),
        [("looked the", "report", None), ("It need", "Ferrar", "Simon Ferrar")],
    ),
    "a son of": (
        (
            'Mr. Okoro\'s lawyer, Beatrice Lund, argued that her client "never left the house". Prosecutor '
            'Emil Vance said Okoro was "seen by four people".'
        ),
        [("never left", "Lund", "Beatrice Lund"), ("seen by", "Vance", "Emil Vance")],
    ),
    "local media": (
        (
            'Local newspaper The Harbour Post reported that the ship "was listing before dawn". State news '
            'agency NNA quoted a fisherman as saying "it went down like a stone".'
        ),
        [("was listing", "Harbour Post", None), ("it went", "a fisherman", None)],
    ),
    "email": (
        (
            'In an email to the Morning Star, Henrik Dahl, of the Dahl Foundation, wrote, "We have never '
            'taken public money." He went on to say that the claims were "pure invention".'
        ),
        [("We have never", "Dahl", "Henrik Dahl"), ("pure", "He", "Henrik Dahl")],
    ),
    "joint statement": (
        (
            'In a joint statement, Norland and Belmora said the vote was "neither free nor fair". The Palace '
            'dismissed the criticism as "meddling in our affairs".'
        ),
        [("neither", "Norland and Belmora", None), ("meddling", "Palace", None)],
    ),
    "long insertion": (
        (
            '"Not a single tree will be felled," insisted Forestry Commissioner Olga Petrak — a former logger '
            '— at the hearing. "I give you my word".'
        ),
        [("Not a single", "Petrak", "Olga Petrak"), ("I give", "Petrak", "Olga Petrak")],
    ),
    "wounded told agency": (
        (
            "Two people were hurt when the stand fell. One of them, student Ivan Bero, told NNA news agency: "
            "“I heard a crack and then nothing.” A hospital spokeswoman said both were “in a stable "
            "condition”."
        ),
        [("I heard", "Ivan Bero", "Ivan Bero"), ("in a stable", "A hospital spokeswoman", None)],
    ),
    "president's office": (
        (
            'The office of President Luis Amaro called the report "false from the first line to the last". '
            'Amaro himself told reporters, "I have nothing to hide".'
        ),
        [("false from", "office", None), ("I have", "Amaro", "Luis Amaro")],
    ),
    "said in interview": (
        (
            'In an interview with Der Tag, Finance Minister Ulla Brehm said the budget was "as tight as a '
            'drum". Asked about taxes, she replied: "Not this year."'
        ),
        [("as tight", "Brehm", "Ulla Brehm"), ("Not this", "she", "Ulla Brehm")],
    ),
    "telling": (
        (
            "Sir Alan Peake, chairman of the inquiry, promised “no hiding place for anyone”, telling the "
            "families: “You have waited long enough.”"
        ),
        [("no hiding", "Peake", "Alan Peake"), ("You have", "Peake", "Alan Peake")],
    ),
    "who also said": (
        (
            'Dr. Mirela Popa, who first reported the outbreak, said that hospitals were "full to the '
            'corridors". "We are short of everything", Popa, who has worked there for ten years, added.'
        ),
        [("full to", "Popa", "Mirela Popa"), ("We are", "Popa", "Mirela Popa")],
    ),
    "colon after noun": (
        (
            "Her message to the strikers was short: “Go home.” Union leader Carl Voss gave his answer an hour "
            "later: “We are home.”"
        ),
        [("Go home", "Her", None), ("We are home", "Voss", "Carl Voss")],
    ),
    "chanted": (
        ("Outside, hundreds of students chanted “Open the gates now”. One banner read “No fees, no debt, no fear”."),
        [("Open the", "students", None), ("No fees", "banner", None)],
    ),
    "quote then dash": (
        (
            '"It is the worst flood I have seen — and I have seen three," said farmer Pál Kis, 71, from the '
            'village of Tarn. His neighbour, Eva Toth, disagreed: "In 1970 it was up to the roof."'
        ),
        [("It is the", "Kis", "Pál Kis"), ("In 1970", "Toth", "Eva Toth")],
    ),
    "US style middle": (
        (
            "“We’re not going anywhere,” Rep. Dana Cole, D-Ohio, told NNA’s Jim Hart. “The House,” she added, "
            "“will vote on Friday.”"
        ),
        [("We’re not", "Cole", "Dana Cole"), ("The House", "she", "Dana Cole"), ("will vote", "she", "Dana Cole")],
    ),
    "military spokesman": (
        (
            'Military spokesman Colonel Idris Bako said that troops had "cleared the road". A rebel '
            'commander, speaking on condition of anonymity, said: "The road is ours."'
        ),
        [("cleared the", "Bako", "Idris Bako"), ("The road", "commander", None)],
    ),
    "no name, they": (
        (
            'Organisers said the race would go on. "We have never cancelled and we will not start now", they '
            "wrote on their website."
        ),
        [("We have never", "they", None)],
    ),
    "court heard": (
        (
            'Prosecutor Jill Marr told the court that the accused had "planned it for months". Defending, '
            'Noel Pike said his client was "a man of peace".'
        ),
        [("planned it", "Marr", "Jill Marr"), ("a man of", "Pike", "Noel Pike")],
    ),
    "agency quotes a ministry": (
        (
            "“The drills are a dagger at our throat”, state news agency KCP quoted the foreign ministry as "
            "saying. Norland's defence ministry said the drills were “purely defensive”."
        ),
        [("The drills", "ministry", None), ("purely", "ministry", None)],
    ),
    "question and answer": (
        (
            '"Why now?" asked presenter Lucy Hale. "Because it is late," Grand replied. Eddie Grand, 60, has '
            "run the mill since 1990."
        ),
        [("Why now", "Hale", "Lucy Hale"), ("Because", "Grand", "Eddie Grand")],
    ),
}
"""A paragraph, and of each quotation how it begins, what its mention holds, and whose name is meant, if any."""


@pytest.mark.parametrize(("text", "expected"), NEWS.values(), ids=NEWS)
def test_whose_each_quotation_is(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = {
        text[slice(*span)]: (
            text[slice(*quote.speaker)] if quote.speaker else "",
            quote.name.name if quote.name else None,
        )
        for quote in extract(text, date(2025, 3, 21))
        if quote.kind != "indirect" and quote.parent is None
        for span in quote.spans
    }
    assert len(found) == len(expected)
    for (words, (mention, name)), (beginning, held, meant) in zip(found.items(), expected, strict=True):
        assert words.startswith(beginning)
        assert held in mention
        assert meant is None or name == meant
