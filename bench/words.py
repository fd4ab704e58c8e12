"""Sentences for the generated record: plain English such as newspapers print, put together from small parts."""

from random import Random


def _words(listed: str, between: str = " ") -> list[str]:
    return listed.split(between)


ADJECTIVES = _words(
    "new old long short public private joint direct foreign local final early late open quiet clear costly careful "
    "recent serious formal modest sharp broad narrow urgent lasting fragile common separate regional central civil "
    "military economic nuclear legal political diplomatic financial annual weekly secret official temporary permanent "
    "peaceful bilateral independent federal rural coastal northern southern eastern western industrial medical"
)
NOUNS = _words(
    "agreement talks deadline border budget policy plan report letter meeting council parliament ministry embassy "
    "delegation court ruling law bill vote election campaign party coalition government opposition army ceasefire "
    "sanctions trade tariff market bank currency loan debt price harvest drought flood river dam port railway airport "
    "school university hospital vaccine clinic laboratory reactor inspector agency union strike worker farmer teacher "
    "journalist witness prosecutor judge prison refugee camp aid convoy road bridge pipeline refinery mine factory "
    "company shareholder director contract investor region province city village mayor governor minister president "
    "adviser envoy mediator negotiator general soldier officer police suspect lawyer family neighbour resident crowd"
)
VERBS = _words(
    "supports delays rejects weakens protects threatens limits funds reviews replaces divides worries strengthens "
    "follows ignores explains shapes blocks restores opens closes needs costs serves harms helps changes defines tests "
    "requires prevents surprises unites damages extends guarantees suspends revives undermines favours burdens obliges"
)
LINKS = _words("and,but,because,while,although,so that,even if,as long as,unless,before,after,since", ",")
TAILS = _words(
    "in the coming weeks,for the first time in years,according to the plan,without any conditions,at the highest level,"
    "despite the warnings,in the north of the country,on both sides of the border,under the present law,by next spring,"
    "as agreed last year,at a price nobody can pay,with the help of its neighbours,until further notice,in good faith",
    ",",
)
SAY = _words("say,tell,warn,announce,insist,write,claim,explain,add,state", ",")
SAID = {
    "say": "said",
    "tell": "told reporters",
    "warn": "warned",
    "announce": "announced",
    "insist": "insisted",
    "write": "wrote",
    "claim": "claimed",
    "explain": "explained",
    "add": "added",
    "state": "stated",
}
FIRST = _words(
    "Amina Boris Clara Dario Elena Farid Greta Hassan Irena Jamal Katja Leon Maryam Nikos Olga Pavel Rania Samuel "
    "Tamar Umar Vera Walid Xenia Yusuf Zoe Anders Beatriz Cyrus Dalia Emil Fatima Goran Hana Ivan Jasmin Karim Lucia "
    "Milan Nadia Omar Petra Qasim Rosa Selim Tania Ulrich Viktor Wanda Yara Zoran"
)
LAST = _words(
    "Abadi Bauer Castro Darwish Eriksen Fischer Garcia Haddad Ivanov Jansen Karimi Lindqvist Moreau Novak Okafor "
    "Petrov Qureshi Rossi Sharif Tanaka Ustinov Vargas Weber Xu Yilmaz Zeman Alvarez Becker Cohen Demir Estrada Farouk "
    "Gruber Hosseini Ionescu Jovanovic Kowalski Larsen Mansour Nasser Olsen Pereira Rahimi Silva Toth Urban Vasquez "
    "Wagner Yamada Zahedi"
)
PUBLISHERS = _words(
    "Morning Herald,Evening Post,Northern Observer,Daily Record,The Gazette,River Times,Capital News,Press Agency,"
    "World Wire,Coastal Tribune,Weekly Review,The Correspondent",
    ",",
)
POOL = 6_000


class Clauses:
    """A pool of clauses, so that writing a text is picking and joining."""

    def __init__(self, random: Random) -> None:
        self._clauses = [_clause(random) for _ in range(POOL)]

    def plain(self, random: Random) -> str:
        """Return one clause, without a capital and a full stop: “the new council rejects the old plan”."""
        return self._clauses[int(random.random() * POOL)]

    def joined(self, random: Random) -> str:
        """Return two clauses joined by a conjunction."""
        pool, pick = self._clauses, random.random
        return f"{pool[int(pick() * POOL)]} {LINKS[int(pick() * len(LINKS))]} {pool[int(pick() * POOL)]}"


def _clause(random: Random) -> str:
    pick = random.choice
    clause = f"the {pick(ADJECTIVES)} {pick(NOUNS)} {pick(VERBS)} {pick(('the', 'every', 'a'))} {pick(NOUNS)}"
    return f"{clause} {pick(TAILS)}" if random.random() < 0.4 else clause


def sentence(words: str) -> str:
    """Return the words with a capital and a full stop."""
    return words[0].upper() + words[1:] + "."
