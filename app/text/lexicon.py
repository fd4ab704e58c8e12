"""The words that extraction knows: verbs and nouns of saying with their forms, and the small words between them.

Written for English. A verb is of one manner, which tells how its complement is read and how sure it makes a report.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum


class Manner(StrEnum):
    """How a verb reports.

    `say`: words were spoken or written. `judge`: something is called, praised, accused. `will`: asked for, promised,
    wanted. `think`: a view or a feeling. `show`: what a study, a poll or a paper tells.
    """

    SAY = "say"
    JUDGE = "judge"
    WILL = "will"
    THINK = "think"
    SHOW = "show"


_VERBS = {
    Manner.SAY: """
        acknowledge add admit affirm agree allege announce answer argue ask assert assure attest aver bark bawl
        begin bellow bemoan bleat blog bluster boast boom brag cackle carp caution chant charge chime chuckle claim
        clarify comment complain concede conclude confess confide confirm contend continue coo counter croak croon
        cry declare deny deplore detail disclose divulge drawl echo effuse elaborate emphasize enthuse exclaim
        exhort explain exult fire forecast fume gasp giggle gripe groan grouse growl grumble grunt gush hint hiss
        holler huff imply inform inquire insinuate insist interject interrupt intervene intimate intone jeer jest
        joke lament laugh lecture maintain mention mouth mumble murmur muse mutter nag narrate note notify object
        observe offer opine pant pen persist phrase plead pledge posit post prattle preach predict preface proclaim
        pronounce protest put quaver query quip rage rant rasp read reassert reassure recall recount reflect
        reiterate rejoin relate relay remark remind remonstrate repeat reply report respond retort retweet reveal
        roar say scoff scold scrawl scream shoot shout shriek sigh sing snap sneer sob speculate spit splutter
        stammer state stress stutter submit suggest summarize surmise swear tell testify text thunder trumpet tweet
        underline underscore urge utter venture volunteer vouch vow wail warn weep wheeze whimper whine whisper
        wonder worry write yell yelp
    """,
    Manner.JUDGE: """
        accuse applaud assail attack bash belittle berate blame blast brand call castigate celebrate challenge
        champion characterize chastise chide cite commend compare condemn congratulate credit criticise criticize
        decry defend demean denounce deride describe discredit discuss dismiss disparage dispute dub endorse
        excoriate fault hail herald highlight honor insult invoke knock label lambast lambaste laud liken malign
        mock oppose pan praise question quote rap rebuff rebuke rebut refer reference refute ridicule rip salute
        savage scold slam slander smear support taunt tease thank tout trash vilify welcome
    """,
    Manner.WILL: """
        advise advocate agree aim appeal ask beg call choose command consider dare decide decline demand direct
        encourage implore instruct intend invite offer order petition plan plead pledge pray prefer press promise
        propose push recommend refuse reject request require resolve seek swear threaten urge vote vow want wish
    """,
    Manner.THINK: """
        anticipate appreciate assess assume believe calculate conclude consider deem doubt envision expect fear feel
        figure forget guess hate hope imagine judge know learn like love mind perceive presume realise realize
        reckon recognise recognize regard regret remember resent see sense suppose surmise suspect think trust
        understand view want wonder worry
    """,
    Manner.SHOW: """
        conclude demonstrate estimate find indicate project reveal show signal suggest
    """,
}
_FORMS = {
    "admit": "admits admitted admitting",
    "beg": "begs begged begging",
    "begin": "begins began begun beginning",
    "blog": "blogs blogged blogging",
    "brag": "brags bragged bragging",
    "chide": "chides chided chiding",
    "choose": "chooses chose chosen choosing",
    "cry": "cries cried crying",
    "dub": "dubs dubbed dubbing",
    "feel": "feels felt feeling",
    "find": "finds found finding",
    "forecast": "forecasts forecasting forecasted",
    "forget": "forgets forgot forgotten forgetting",
    "know": "knows knew known knowing",
    "nag": "nags nagged nagging",
    "pan": "pans panned panning",
    "pen": "pens penned penning",
    "plan": "plans planned planning",
    "prefer": "prefers preferred preferring",
    "put": "puts putting",
    "quip": "quips quipped quipping",
    "rap": "raps rapped rapping",
    "read": "reads reading",
    "rebut": "rebuts rebutted rebutting",
    "refer": "refers referred referring",
    "regret": "regrets regretted regretting",
    "rip": "rips ripped ripping",
    "say": "says said saying",
    "see": "sees saw seen seeing",
    "seek": "seeks sought seeking",
    "shoot": "shoots shot shooting",
    "show": "shows showed shown showing",
    "sing": "sings sang sung singing",
    "slam": "slams slammed slamming",
    "snap": "snaps snapped snapping",
    "sob": "sobs sobbed sobbing",
    "spit": "spits spat spitting",
    "submit": "submits submitted submitting",
    "swear": "swears swore sworn swearing",
    "tell": "tells told telling",
    "think": "thinks thought thinking",
    "understand": "understands understood understanding",
    "weep": "weeps wept weeping",
    "write": "writes wrote written writing",
}
_VOWELS = frozenset("aeiou")


def _forms(lemma: str) -> Iterator[str]:
    """Yield the inflected forms of a verb, not the lemma itself."""
    if lemma in _FORMS:
        yield from _FORMS[lemma].split()
    elif lemma.endswith("e"):
        yield from (f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing")
    elif lemma.endswith("y") and lemma[-2] not in _VOWELS:
        yield from (f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing")
    else:
        third = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
        yield from (f"{lemma}{third}", f"{lemma}ed", f"{lemma}ing")


def words(listed: str) -> frozenset[str]:
    """Return the words of a list as it is read best: one after the other."""
    return frozenset(listed.split())


MANNERS: dict[str, frozenset[Manner]] = {}
"""The manners of each verb, by its lemma."""
LEMMAS: dict[str, str] = {}
"""The lemma of each form of a verb."""


def _fill(verbs: Iterable[tuple[Manner, str]]) -> None:
    for manner, lemmas in verbs:
        for lemma in lemmas.split():
            MANNERS[lemma] = MANNERS.get(lemma, frozenset()) | {manner}
            for form in (lemma, *_forms(lemma)):
                LEMMAS.setdefault(form, lemma)


_fill(_VERBS.items())

FIXED = {("put", "it"): "put", ("puts", "it"): "put"}
"""Verbs that say with the word after them, by both."""
MANNERS["point out"] = frozenset((Manner.SAY,))
FIXED |= {(form, "out"): "point out" for form in ("point", "points", "pointed", "pointing")}

INVERTED = words(
    """
    say write add ask reply respond answer explain note insist argue claim declare announce state tweet recall
    remark observe comment warn shout yell cry exclaim whisper mutter joke quip conclude continue begin agree admit
    acknowledge concede counter retort wonder muse lament complain boast offer snap scoff opine report
    """
)
"""Verbs after which the speaker may stand: “…,” said Ann."""

BARE = words(
    """
    report claim state comment question order plan hope fear doubt charge demand promise pledge request view attack
    challenge tweet note blame cry call blast praise vote sense guess object quote support address detail figure
    wish press offer project push judge like mind fault label trust vow snap command hate love desire honor appeal
    reference estimate forecast show signal find research highlight remark answer reply laugh sigh rage boom sob
    spit query venture text post put fire pen chant credit
    """
)
"""Verbs whose lemma is as often a noun: only their other forms, or what stands before, tell."""

ARTICLES = words("a an the")
DETERMINERS = ARTICLES | words(
    """
    this that these those his her its their our my your some many several most few both all no any each another
    every one two three four five six seven eight nine ten dozens hundreds thousands other others such
    """
)
BODIES = frozenset({"WHO", "IT", "US"})
"""What would be a pronoun, were it not in capitals."""
PRONOUNS = words("he she they it we i you")
"""What stands for a speaker and begins a clause."""
HOLDING = words("his her their its my our")
"""What stands for whose a thing is."""
POSSESSIVES = words("'s ’s")
RELATIVES = words("who which that whom whose")
AUXILIARIES = words(
    """
    am is are was were be been being 's 're 'm has have had having 've 'd do does did done doing will would shall
    should can could may might must 'll ’s ’re ’m ’ve ’d ’ll cannot can't won't don't doesn't didn't isn't aren't
    wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't can’t won’t don’t doesn’t didn’t isn’t aren’t
    wasn’t weren’t hasn’t haven’t hadn’t wouldn’t couldn’t shouldn’t n't n’t get gets got
    """
)
BE = words("am is are was were be been being get gets got wasn't wasn’t")
NEGATIONS = words(
    """
    not never n't n’t no neither nor hardly didn't didn’t doesn't doesn’t don't don’t hasn't hasn’t haven't haven’t
    hadn't hadn’t won't won’t wouldn't wouldn’t isn't isn’t wasn't wasn’t cannot can't can’t couldn't couldn’t
    weren't weren’t aren't aren’t without
    """
)  # fmt: skip
ADVERBS = words(
    """
    also then later again once even just still never not ever always often soon now already thus so too instead
    however moreover meanwhile nonetheless nevertheless though therefore further perhaps maybe rather quite almost
    earlier previously recently once twice afterward afterwards here there yesterday today tonight tomorrow first
    finally long only both all themselves himself herself itself simply yet either neither outright
    """
)
NOT_ADVERBS = words(
    """
    family ally rally supply reply assembly july italy fly bully apply rely imply lily emily billy sally kelly
    reilly holy early daily weekly monthly quarterly only likely friendly elderly costly lovely ugly silly jelly
    belly folly anomaly monopoly melancholy butterfly homely lonely deadly scholarly nightly yearly
    """
)
"""What ends as an adverb and is none, or as often none."""
PREPOSITIONS = words(
    """
    of in on at by for with from to about against between among through during before after above below over under
    into onto upon within without across along around behind beside beyond despite except inside like near outside
    since throughout toward towards until via as per amid ahead off out up down following including regarding
    concerning than versus alongside atop because
    """
)
CONJUNCTIONS = words(
    """
    and or but nor yet so while when whenever if unless although though because as since whereas whether that until
    before after once where how why what
    """
)  # fmt: skip
SUBORDINATORS = words(
    """
    while when whenever if unless although though because as since whereas until before after once where in on at by
    for with from to about against despite during following amid asked pressed speaking responding referring citing
    noting given according like unlike without among throughout under over even just based instead earlier later
    """
)
"""What opens a clause or a phrase before the main one, when a sentence begins with it."""
IRREGULAR = words(
    """
    broke gave took went made came spoke wrote put held met sent ran won lost drew laid led left kept knew saw sat
    stood rose fell grew hit cut set let began became brought bought built caught chose drove fought found flew
    heard meant paid sang sold shot shook slept spent struck swept swung taught threw understood woke wore had did
    said told thought felt got sought swore forgot rode read lay lied fed bet quit spread
    """
)
"""Pasts of verbs by whose ending it does not show."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
SHORT_MONTHS = words("jan feb mar apr jun jul aug sep sept oct nov dec")
TIMES = (
    frozenset(WEEKDAYS)
    | frozenset(MONTHS)
    | SHORT_MONTHS
    | words(
        """
    yesterday today tonight tomorrow morning afternoon evening night week month year weekend noon midnight
    """
    )
)
ABBREVIATIONS = words(
    """
    mr mrs ms dr prof rev fr sen sens rep reps gov govs gen col lt maj sgt capt cmdr adm pres pvt cpl hon amb atty
    st jr sr vs etc no inc corp co ltd jan feb mar apr jun jul aug sep sept oct nov dec mt ft dept univ assn bros
    u.s u.n u.k e.u d.c a.m p.m ph.d n.y n.j r d messrs mme supt det insp
    """
)
"""What a full stop may follow without ending the sentence."""
SURNAMES = frozenset(("May", "Will"))
"""What is a name when it is large, though it is mostly none."""
NOT_NAMES = words(
    """
    in on at the a an but and so yet if as when while after before for it he she they we i you this that these those
    there here what why how who then now still also however meanwhile according asked no not yes well oh with from
    by to of his her its their our my your even just since until because although though once let do did is are was
    were some many most all both other another one two three first last next earlier later today yesterday tomorrow
    """
)
"""What is written large at the beginning of a sentence, and is no name for that."""
HOLDERS = words(
    """
    people officials critics supporters experts analysts sources lawmakers republicans democrats conservatives
    liberals observers researchers scientists economists investigators prosecutors police authorities aides advisers
    advisors activists advocates opponents voters residents witnesses doctors lawyers attorneys leaders historians
    others reporters journalists editors diplomats soldiers protesters organizers donors allies insiders strategists
    spokesman spokeswoman spokesperson official source aide adviser advisor lawmaker expert analyst critic supporter
    campaign committee government ministry department agency company group party court police administration office
    newspaper paper magazine report study poll survey statement letter filing lawsuit document complaint
    """
)
"""Nouns that say, think and announce without a name."""
