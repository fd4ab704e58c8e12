"""When something was said, by the expressions of American and British newspapers; every sentence is made up."""

import re
import time
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.dates import bounds
from app.text.timing import Dated, dated, expressions

FRIDAY = date(2025, 3, 21)
"""The day of publication."""
TOLD = date(2025, 3, 5)
"""A Wednesday: the date told before in the text."""


class Marked(NamedTuple):
    """A sentence with its expression of time in [brackets], taken out of them."""

    text: str
    start: int
    end: int


def marked(sentence: str) -> Marked:
    before, _, rest = sentence.partition("[")
    inside, _, after = rest.partition("]")
    return Marked(before + inside + after, len(before), len(before) + len(inside))


def date_of(
    text: str, *, published: date | None = FRIDAY, anchor: date | None = None, near: int | None = None
) -> Dated | None:
    return dated(text, 0, len(text), published=published, anchor=anchor, near=near)


STATED = {
    "american": ("The mayor said on [March 2, 2015] that rents were fair.", "2015-03-02"),
    "american_without_comma": ("The mayor said on [March 2 2015] that rents were fair.", "2015-03-02"),
    "american_short": ("She wrote on [Sept. 11, 2012], “Enough.”", "2012-09-11"),
    "american_ordinal": ("She wrote on [April 3rd, 2012], “Enough.”", "2012-04-03"),
    "british": ("He told the house on [2 March 2015] that it was over.", "2015-03-02"),
    "british_of": ("He told the house on [the 2nd of March, 2015] that it was over.", "2015-03-02"),
    "british_short": ("He spoke on [2 Mar 2015].", "2015-03-02"),
    "with_its_weekday": ("He spoke on [Monday, March 2, 2015], in Leeds.", "2015-03-02"),
    "with_its_weekday_british": ("He spoke on [Monday 2 March 2015] in Leeds.", "2015-03-02"),
    "iso": ("Posted [2025-03-02]: “Enough.”", "2025-03-02"),
    "slashes_american": ("Posted [03/14/2025]: “Enough.”", "2025-03-14"),
    "slashes_british": ("Posted [14/03/2025]: “Enough.”", "2025-03-14"),
    "slashes_the_same_in_both": ("Posted [03/03/2025]: “Enough.”", "2025-03-03"),
    "capitals": ("LISBON, [MARCH 2, 2025] — The minister said no.", "2025-03-02"),
    "over_a_line": ("The mayor said on [March\n2, 2015] that rents were fair.", "2015-03-02"),
    "leap_day": ("The mayor said on [February 29, 2024] that rents were fair.", "2024-02-29"),
    "of_a_speech": ("In his [March 2, 2015], speech he called it a farce.", "2015-03-02"),
}


@pytest.mark.parametrize(("sentence", "edtf"), STATED.values(), ids=STATED)
@pytest.mark.parametrize("published", [FRIDAY, None])
def test_a_full_date_is_stated_with_or_without_a_day_of_publication(
    sentence: str, edtf: str, published: date | None
) -> None:
    text, start, end = marked(sentence)

    assert date_of(text, published=published) == Dated(edtf, "stated", start, end, "The full date is printed.")


RESOLVED = {
    # Days without a year.
    "day": ("During a speech on [February 7], the minister said the door was open.", "2025-02-07"),
    "day_after_a_name": ("The mission made a posting on X [March 9] that said it would listen.", "2025-03-09"),
    "day_british": ("The bishop said on [2 March] that he was tired.", "2025-03-02"),
    "day_of_publication": ("The bishop said on [March 21] that he was tired.", "2025-03-21"),
    "day_of_the_year_before": ("The bishop said on [December 24] that he was tired.", "2024-12-24"),
    "day_the_next_one_not_yet": ("The bishop said on [March 22] that he was tired.", "2024-03-22"),
    "day_ordinal": ("The bishop said on [the 2nd of March] that he was tired.", "2025-03-02"),
    "day_short": ("The bishop said on [Feb. 3] that he was tired.", "2025-02-03"),
    "day_short_without_point": ("The bishop said on [Feb 3] that he was tired.", "2025-02-03"),
    "day_leap": ("The bishop said on [February 29] that he was tired.", "2024-02-29"),
    "day_with_its_weekday": ("The bishop said on [Sunday, March 2], that he was tired.", "2025-03-02"),
    "day_of_last_year": ("The bishop said on [March 2 last year] that he was tired.", "2024-03-02"),
    "day_of_this_year": ("The bishop said on [March 2 of this year] that he was tired.", "2025-03-02"),
    "day_of_an_interview": ("In a [March 2] television interview she called it a farce.", "2025-03-02"),
    "day_named_may": ("She said on [May 4] that she was tired.", "2024-05-04"),
    # Days of the week.
    "weekday": ("The bishop said [Tuesday] that he was tired.", "2025-03-18"),
    "weekday_on": ("The bishop said on [Tuesday] that he was tired.", "2025-03-18"),
    "weekday_first": ("On [Tuesday], the bishop said that he was tired.", "2025-03-18"),
    "weekday_of_publication": ("The bishop said on [Friday] that he was tired.", "2025-03-21"),
    "weekday_last": ("The bishop said [last Tuesday] that he was tired.", "2025-03-18"),
    "weekday_last_of_the_same_name": ("The bishop said [last Friday] that he was tired.", "2025-03-14"),
    "weekday_night": ("“I am tired,” the bishop said [Tuesday night].", "2025-03-18"),
    "weekday_late": ("“I am tired,” the bishop said late [Tuesday].", "2025-03-18"),
    "weekday_of_last_week": ("The bishop said on [Tuesday of last week] that he was tired.", "2025-03-11"),
    "weekday_of_this_week": ("The bishop said on [Tuesday this week] that he was tired.", "2025-03-18"),
    "weekday_of_an_interview": ("In a [Tuesday] interview the bishop called it a farce.", "2025-03-18"),
    "weekday_of_a_hearing": (
        "At [Tuesday’s] hearing the bishop called it a farce.".replace("’s]", "]’s"),
        "2025-03-18",
    ),
    "weekday_after_verb_and_name": ("“I am tired,” said Trump [Tuesday].", "2025-03-18"),
    "weekday_after_verb_and_long_name": ("“I am tired,” said Senator Ann Lee [Tuesday].", "2025-03-18"),
    "weekday_after_verb_before_name": ("Lee said [Tuesday] Portugal was ready.", "2025-03-18"),
    "weekday_on_before_name": ("On [Tuesday] Lee told reporters she was ready.", "2025-03-18"),
    "weekday_told_a_station": ("Lee told CNN [Tuesday] she was ready.", "2025-03-18"),
    "weekday_said_of_the_future": ("Lee said [Tuesday] that she will resign.", "2025-03-18"),
    "weekday_said_of_the_future_first": ("On [Tuesday], Lee said she will resign.", "2025-03-18"),
    "weekday_quoted_before": ("“We will win,” Lee said on [Tuesday].", "2025-03-18"),
    "weekday_of_a_statement": ("“We will win,” she told them in a statement on [Tuesday].", "2025-03-18"),
    # Months.
    "month": ("In an essay [in March] she called it a farce.", "2025-03"),
    "month_first": ("[In April], she called it a farce.", "2024-04"),
    "month_last": ("She said [last March] that she was tired.", "2024-03"),
    "month_last_of_the_year_before": ("She said [last November] that she was tired.", "2024-11"),
    "month_early": ("She said [in early February] that she was tired.", "2025-02"),
    "month_late_without_in": ("[Late February] she told the board she was tired.", "2025-02"),
    "month_mid": ("She said [in mid-February] that she was tired.", "2025-02"),
    "month_this": ("She said [this March] that she was tired.", "2025-03"),
    "month_back_in": ("She said back [in January] that she was tired.", "2025-01"),
    "month_may": ("She said [in May] that she was tired.", "2024-05"),
    "month_short": ("She said [in Dec.] that she was tired.", "2024-12"),
    "month_of_last_year": ("She said [in February last year] that she was tired.", "2024-02"),
    "month_of_a_year": ("She told them [in March 2015] that she was tired.", "2015-03"),
    "month_of_a_year_of": ("She told them [in March of 2015] that she was tired.", "2015-03"),
    "month_of_a_year_early": ("She told them [in early March 2015] that she was tired.", "2015-03"),
    "month_of_a_year_interview": ("In a [March 2015] interview, she called it a farce.", "2015-03"),
    # Years and decades.
    "year": ("She said [in 2011] that she was tired.", "2011"),
    "year_first": ("[In 2011], she called it a farce.", "2011"),
    "year_during": ("[During 2011] she called it a farce.", "2011"),
    "year_late": ("She said [in late 2011] that she was tired.", "2011"),
    "year_of_an_interview": ("In a [2011] interview with a local paper, she called it a farce.", "2011"),
    "year_of_ones_memoir": ("In her [2011] memoir, she called it a farce.", "2011"),
    "year_of_someones_speech": ("In Lee’s [2011] speech it was called a farce.", "2011"),
    "decade": ("She said [in the 1990s] that she was tired.", "199X"),
    "decade_late": ("She said [in the late 1980s] that she was tired.", "198X"),
    # Seasons.
    "summer_of": ("She said [in the summer of 2015] that she was tired.", "2015-22"),
    "spring": ("She said [in spring 2015] that she was tired.", "2015-21"),
    "fall": ("She said [in the fall of 2015] that she was tired.", "2015-23"),
    "autumn": ("She said [in autumn 2015] that she was tired.", "2015-23"),
    "winter_of_two_years": ("She said [in the winter of 2015-16] that she was tired.", "2015-24"),
    "summer_last": ("She said [last summer] that she was tired.", "2024-22"),
    "winter_last": ("She said [last winter] that she was tired.", "2024-24"),
    "spring_this": ("She said [this spring] that she was tired.", "2025-21"),
    "summer_of_last_year": ("She said [in the summer of last year] that she was tired.", "2024-22"),
    "article_published": ("In an article published [in 2015], she called it a farce.", "2015"),
    "who_said": ("The woman who on [Tuesday] called it a farce was tired.", "2025-03-18"),
    # From the day of publication.
    "today": ("She said [today] that she was tired.", "2025-03-21"),
    "today_first": ("[Today], she called it a farce.", "2025-03-21"),
    "earlier_today": ("“Enough,” she said [earlier today].", "2025-03-21"),
    "tonight": ("She said [tonight] that she was tired.", "2025-03-21"),
    "this_morning": ("She said [this morning] that she was tired.", "2025-03-21"),
    "yesterday": ("She said [yesterday] that she was tired.", "2025-03-20"),
    "yesterday_afternoon": ("She said [yesterday afternoon] that she was tired.", "2025-03-20"),
    "last_night": ("She said [last night] that she was tired.", "2025-03-20"),
    "the_day_before_yesterday": ("She said [the day before yesterday] that she was tired.", "2025-03-19"),
    "this_week": ("She said [this week] that she was tired.", "2025-03-17/2025-03-21"),
    "last_week": ("She said [last week] that she was tired.", "2025-03-10/2025-03-16"),
    "late_last_week": ("She said [late last week] that she was tired.", "2025-03-10/2025-03-16"),
    "this_month": ("She said [earlier this month] that she was tired.", "2025-03"),
    "last_month": ("She said [last month] that she was tired.", "2025-02"),
    "this_year": ("She said [this year] that she was tired.", "2025"),
    "last_year": ("[Last year], she called it a farce.", "2024"),
    "last_weeks_debate": ("At [last week]’s debate, she called it a farce.", "2025-03-10/2025-03-16"),
    "days_ago": ("She said [two days ago] that she was tired.", "2025-03-19"),
    "days_ago_in_digits": ("She said [12 days ago] that she was tired.", "2025-03-09"),
    "week_ago": ("She said [a week ago] that she was tired.", "2025-03-10/2025-03-16"),
    "weeks_ago": ("She said [three weeks ago] that she was tired.", "2025-02-24/2025-03-02"),
    "month_ago": ("She said [a month ago] that she was tired.", "2025-02"),
    "months_ago": ("She said [six months ago] that she was tired.", "2024-09"),
    "year_ago": ("She said [a year ago] that she was tired.", "2024"),
    "years_ago_this_month": ("[Two years ago] this month, she called it a farce.", "2023"),
    "years_ago": ("[Twenty years ago] she called it a farce.", "2005"),
}


@pytest.mark.parametrize(("sentence", "edtf"), RESOLVED.values(), ids=RESOLVED)
def test_less_than_a_full_date_is_worked_out_from_the_day_of_publication(sentence: str, edtf: str) -> None:
    text, start, end = marked(sentence)
    found = date_of(text)

    assert found is not None
    assert found[:4] == (edtf, "resolved", start, end)
    assert date_of(text, published=None) is None


FROM_TOLD = {
    "next_day": ("[The next day], Lee said in an interview that she was tired.", "2025-03-06"),
    "very_next_day": ("[The very next day], Lee said that she was tired.", "2025-03-06"),
    "next_morning": ("[The next morning], Lee said that she was tired.", "2025-03-06"),
    "following_day": ("Lee said [the following day] that she was tired.", "2025-03-06"),
    "day_after": ("[A day after], Lee said that she was tired.", "2025-03-06"),
    "the_day_after": ("“Enough,” Lee said [the day after].", "2025-03-06"),
    "day_later": ("[One day later] Lee said that she was tired.", "2025-03-06"),
    "days_later": ("[Two days later], Lee said that she was tired.", "2025-03-07"),
    "day_before": ("[The day before], Lee said that she was tired.", "2025-03-04"),
    "day_earlier": ("[A day earlier], Lee said that she was tired.", "2025-03-04"),
    "previous_day": ("Lee said [the previous day] that she was tired.", "2025-03-04"),
    "that_day": ("Lee said [that day] that she was tired.", "2025-03-05"),
    "later_that_day": ("Lee said later [that day] that she was tired.", "2025-03-05"),
    "that_same_day": ("[That same day], Lee said that she was tired.", "2025-03-05"),
    "same_day": ("Lee said [the same day] that she was tired.", "2025-03-05"),
    "that_evening": ("[That evening] Lee said that she was tired.", "2025-03-05"),
    "following_week": ("[The following week], Lee said that she was tired.", "2025-03-10/2025-03-16"),
    "week_later": ("[A week later], Lee said that she was tired.", "2025-03-10/2025-03-16"),
    "two_weeks_later_cut": ("[Two weeks later], Lee said that she was tired.", "2025-03-17/2025-03-21"),
    "week_earlier": ("Lee said [a week earlier] that she was tired.", "2025-02-24/2025-03-02"),
    "month_earlier": ("Lee said [a month earlier] that she was tired.", "2025-02"),
    "year_earlier": ("Lee said [a year earlier] that she was tired.", "2024"),
    "that_year": ("Lee said [that year] that she was tired.", "2025"),
}


@pytest.mark.parametrize(("sentence", "edtf"), FROM_TOLD.values(), ids=FROM_TOLD)
def test_what_counts_from_the_date_told_before_needs_that_date(sentence: str, edtf: str) -> None:
    text, start, end = marked(sentence)
    found = date_of(text, anchor=TOLD)

    assert found is not None
    assert found[:4] == (edtf, "resolved", start, end)
    assert date_of(text) is None


LEFT_OUT = {
    # Names.
    "theresa_may": "Theresa May said that she was tired.",
    "may_the_verb": "May I say that she may 2 or 3 times have lied?",
    "april_ryan": "April Ryan said that she was tired.",
    "a_person_in_may": "She sees in May’s speech a farce.",
    "march_on": "Lee said at the March on Washington that she was tired.",
    "march_the_verb": "March with us, said Lee.",
    "sunday_times": "Lee told the Sunday Times that she was tired.",
    "sunday_times_on": "Lee said it on Sunday Morning.",
    "usa_today": "Lee told USA Today that she was tired.",
    "today_show": "Lee told the Today show that she was tired.",
    "today_show_small": "Lee told the today show that she was tired.",
    "black_friday": "“Prices fell,” said Black Friday shoppers.",
    "super_tuesday": "On Super Tuesday, Lee said that she was tired.",
    "super_tuesday_said": "“Enough,” Lee said Super Tuesday.",
    "good_friday": "“Enough,” Lee said on Good Friday.",
    "fox_news_sunday": "“Enough,” Lee told Fox News Sunday.",
    "fox_news_sunday_on": "“Enough,” Lee said on “Fox News Sunday” in passing.",
    "nation_daily": "“Enough,” Lee said on Meet the Press Daily.",
    "night_football": "Lee spoke before Monday Night Football.",
    "weekday_after_a_name_alone": "Happy Monday released a record.",
    "weekday_of_a_school": "Lee said Sunday school was fun.",
    "this_week_show": "Lee told This Week that she was tired.",
    "prague_spring": "Lee wrote of the Prague Spring of 1968.",
    # Times of something else.
    "riot": "Lee said the January 6 riot was a farce.",
    "rioters": "Lee said January 6 rioters should be tried.",
    "attacks": "Lee said the September 11, 2001, attacks were worse.",
    "vote": "Lee said of Tuesday’s vote that it was a farce.",
    "last_years_budget": "Lee called last year’s budget a farce.",
    "the_sunday": "Lee remembered the Sunday of her youth.",
    "the_last_week": "Lee said the last week was hard.",
    "a_year_without_in": "Lee said the 2011 budget was a farce.",
    "a_number": "Lee said 2011 people came.",
    "in_dollars": "Lee said it cost a lot in 2011 dollars.",
    "day_before_something": "The day before the vote, Lee said that she was tired.",
    "came_a_day_after": "That came a day after Lee said that she was tired.",
    "elected": "Lee, elected in 2011, was tired.",
    "born": "Lee said she was born in 1950.",
    "the_deal": "Lee said the deal signed on March 2 was a farce.",
    "who": "Lee, who was governor in 2011, was tired.",
    # Plans and terms.
    "next_weekday": "Lee said she was leaving next Tuesday.",
    "this_weekday": "Lee said she was leaving this Tuesday.",
    "coming_weekday": "Lee said she was leaving this coming Tuesday.",
    "by_weekday": "Lee said she wants it by Friday.",
    "until_day": "Lee said she has time until March 3.",
    "before_day": "Lee said she left before March 3.",
    "since_month": "Lee said she was tired since March.",
    "since_early_month": "Lee said she was tired since early March.",
    "since_year": "Lee said she was tired since 2011.",
    "through_year": "Lee said the pact runs through 2016.",
    "tomorrow": "Lee said she was leaving tomorrow.",
    "next_week": "Lee said she was leaving next week.",
    "later_this_week": "Lee said she was leaving later this week.",
    "will": "The court will meet on Tuesday in Leeds.",
    "will_after": "On Tuesday, the court will meet in Leeds.",
    "would_after_said": "Lee said she would resign on Tuesday.",
    "may_the_modal": "“We may march on Sunday,” Lee said.",
    "over_the_next_week": "In the next week, Lee said that she was tired.",
    "scheduled": "Lee’s hearing was scheduled for Tuesday.",
    "ill": "Lee said that she’ll resign in March.",
    # Habits and spans.
    "plural": "Lee said that on Tuesdays.",
    "every": "Lee said that every Tuesday.",
    "a_weekday": "It was a Tuesday.",
    "first_weekday": "Lee said that on the first Tuesday.",
    "weekday_to_weekday": "Lee spoke Monday through Friday.",
    "weekday_dash": "Lee spoke Monday–Friday.",
    "weekdays": "Lee spoke on Monday, Tuesday and Wednesday.",
    "days": "Lee spoke on March 2-4.",
    "days_and": "Lee spoke on March 2 and 3.",
    "days_between": "Lee spoke between March 2 and March 4.",
    "days_british": "Lee spoke on 2–4 March.",
    "years": "Lee spoke in 2011-12.",
    "years_and": "Lee spoke in 2011 and 2012.",
    # Without a certain day.
    "slashes": "Posted 03/02/2025: “Enough.”",
    "nine_eleven": "Lee said on 9/11 that she was tired.",
    "no_such_day": "Lee said on February 30, 2025, that she was tired.",
    "no_such_day_iso": "Posted 2025-02-30: “Enough.”",
    "weekday_of_another_year": "Lee said on Tuesday, March 2, that she was tired.",
    "winter_of_a_year": "Lee said in the winter of 2015 that she was tired.",
    "spring_to_come": "Lee spoke of this summer.",
    "nineteen_hundreds": "Lee said in the 1900s that she was tired.",
    "year_to_come": "Lee said it in 2031.",
    "years_or": "Lee said it two or three years ago.",
    "years_early_and_late": "Lee said it in late 2019 and early 2020.",
    "more_than": "Lee said it more than two years ago.",
    "million": "Lee said it began 65 million years ago.",
    "thousands": "Lee said it began 2,000 years ago.",
    "half": "Lee said it two and a half years ago.",
    "a_number_after_a_month": "Lee said that in all of March 2,000 people came.",
    "a_percentage": "Lee said that May 5 percent was enough.",
    "no_time": "Lee said that she was tired.",
    "nothing": "",
}


@pytest.mark.parametrize("text", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_does_not_tell_when_it_was_said_gives_no_date(text: str) -> None:
    assert date_of(text, anchor=TOLD) is None


NOTES = {
    "On March 2 she said no.": "The year is that of the publication, 2025-03-21.",
    "On March 25 she said no.": "The year is 2024, as of the latest such day before the publication on 2025-03-21.",
    "On March 2 last year she said no.": "The year is the one before that of the publication, 2025-03-21.",
    "On Tuesday she said no.": "The Tuesday before the publication on 2025-03-21.",
    "On Friday she said no.": "The day of the publication, 2025-03-21, is a Friday.",
    "On Tuesday of last week she said no.": "The Tuesday of the week before that of the publication on 2025-03-21.",
    "On Tuesday this week she said no.": "The Tuesday of the week of the publication on 2025-03-21.",
    "In March 2015 she said no.": "Only the month and the year are printed.",
    "In 2015 she said no.": "Only the year is printed.",
    "In the 1990s she said no.": "Only the decade is printed.",
    "In the summer of 2015 she said no.": "Only the season and the year are printed.",
    "Last summer she said no.": "The last such season over before the publication on 2025-03-21.",
    "Yesterday she said no.": "The day before the publication on 2025-03-21.",
    "Last week she said no.": "The week before that of the publication on 2025-03-21.",
    "This week she said no.": "The week of the publication on 2025-03-21.",
    "Three weeks ago she said no.": "The week 3 weeks before the publication on 2025-03-21.",
    "The next day she said no.": "The day after 2025-03-05, the date told before.",
    "That day she said no.": "The day of 2025-03-05, the date told before.",
}


@pytest.mark.parametrize(("text", "note"), NOTES.items(), ids=NOTES)
def test_the_note_tells_how_the_date_was_worked_out(text: str, note: str) -> None:
    found = date_of(text, anchor=TOLD)

    assert found is not None
    assert found.note == note


def test_of_several_expressions_the_nearest_is_taken_and_without_a_place_the_first() -> None:
    text = "After the strike of March 2, the mayor met them; on March 9, she said, it ended."

    assert [text[one.start : one.end] for one in expressions(text, 0, len(text))] == ["March 2", "March 9"]
    assert (date_of(text) or text)[0] == "2025-03-02"
    assert (date_of(text, near=text.index("said")) or text)[0] == "2025-03-09"
    assert (date_of(text, near=text.index("met")) or text)[0] == "2025-03-02"


def test_the_time_of_another_deed_beside_the_verb_is_not_taken_for_that_of_the_saying() -> None:
    text = "Lee, who was elected in 2011, said Tuesday that the deal signed in 2015 was a farce."

    assert (date_of(text, near=text.index("said")) or text)[0] == "2025-03-18"


def test_where_the_nearest_has_no_day_another_does_not_stand_in_for_it() -> None:
    text = "The strike of March 2 failed; the next day, she said, it ended."
    near = text.index("said")

    assert date_of(text, near=near) is None
    assert (date_of(text, near=near, anchor=date(2025, 3, 2)) or text)[0] == "2025-03-03"


def test_what_would_be_after_publication_is_no_date_of_saying() -> None:
    assert date_of("The mayor said on March 2, 2026, that she was tired.") is None
    assert date_of("Three weeks later, the mayor said that she was tired.", anchor=TOLD) is None


def test_a_week_that_has_just_begun_is_its_monday() -> None:
    found = date_of("She said this week that she was tired.", published=date(2025, 3, 17))

    assert found is not None
    assert found.edtf == "2025-03-17"


def test_an_expression_that_the_borders_cut_is_not_taken() -> None:
    text = "She said on March 2, 2015, that she was tired."
    start, end = text.index("March"), text.index(", that")

    assert [one[:2] for one in expressions(text, start, end)] == [(start, end)]
    assert expressions(text, start + 1, len(text)) == []
    assert expressions(text, 0, end - 1) == []


WORDS = re.findall(
    r"\S+",
    """
    on in the last next this March May 2 2, 2015 2011 1990s Tuesday Sunday Trump said will by , . ’s ago two days a week
    day later before after early mid- summer of winter year today yesterday that same 03/14/2025 2025-03-02 and until
    interview February 29 31 ſunday _ Sept. 99 years month
    """,
)
TEXTS = st.text() | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
DATES = st.none() | st.dates() | st.sampled_from([date.min, date.max, date(9999, 12, 1), date(1, 3, 1), FRIDAY])


@settings(deadline=None, max_examples=500)
@example("this winter", 0, 11, date(9999, 12, 1), None, None)
@example("99 years ago", 0, 12, date(50, 1, 1), None, None)
@example("the previous week", 0, 17, date.max, date.min, None)
@given(TEXTS, st.integers(-3, 90), st.integers(-3, 90), DATES, DATES, st.none() | st.integers(-9, 99))
def test_any_text_gives_a_date_of_the_calendar_that_is_not_after_publication_or_none(
    text: str, low: int, high: int, published: date | None, anchor: date | None, near: int | None
) -> None:
    found = dated(text, low, high, published=published, anchor=anchor, near=near)

    if found is None:
        return
    earliest, latest = bounds(found.edtf)
    assert earliest is not None
    assert latest is not None
    assert published is None or earliest <= published
    assert "/" not in found.edtf or published is None or latest <= published
    assert published is not None or found.basis == "stated"
    assert max(low, 0) <= found.start < found.end <= min(high, len(text))
    assert text[found.start : found.end].strip()
    assert found.note.endswith(".")


DENSE = {
    "heads": "in the last ",
    "days": "Tuesday, ",
    "capitals": "Trump Tuesday ",
    "blanks": "March  \n  ",
    "digits": "2 a ",
    "one_word": "a",
    "line": "early late in the ",
}


@pytest.mark.parametrize("part", DENSE.values(), ids=DENSE)
def test_time_grows_with_the_text_whatever_it_is_made_of(part: str) -> None:
    text = part * (250_000 // len(part))
    started = time.process_time()
    expressions(text, 0, len(text))

    assert time.process_time() - started < 2


def test_a_million_characters_of_prose_take_less_than_two_seconds() -> None:
    prose = "On Tuesday the mayor said in a 2011 interview that the next day in March was the last of it. "
    prose += (
        "It was a house like any other, with the door shut, a light in the window and all of the rest in the dark. " * 3
    )
    text = prose * (1_000_000 // len(prose))
    started = time.process_time()
    found = expressions(text, 0, len(text))

    assert time.process_time() - started < 2
    assert len(found) > 5_000
