using NodaTime;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class SpokenDateTests
{
    /// <summary>A Sunday.</summary>
    private static readonly LocalDate Today = new(2026, 11, 22);

    [Theory]
    [InlineData("2026-12-01", 2026, 12, 1)]
    [InlineData("2026/12/1", 2026, 12, 1)]
    [InlineData("20261201", 2026, 12, 1)]
    [InlineData("2026-12-01T14:30:00", 2026, 12, 1)]
    [InlineData("2026-12-01T23:30:00.000Z", 2026, 12, 1)]
    [InlineData("2026-12-01T00:30:00-05:00", 2026, 12, 1)]
    [InlineData("2026-12-01 14:30", 2026, 12, 1)]
    [InlineData("December 1, 2026", 2026, 12, 1)]
    [InlineData("december 1", 2026, 12, 1)]
    [InlineData("Dec 1st", 2026, 12, 1)]
    [InlineData("Dec. 1st.", 2026, 12, 1)]
    [InlineData("1 December", 2026, 12, 1)]
    [InlineData("the 1st of December", 2026, 12, 1)]
    [InlineData("December first", 2026, 12, 1)]
    [InlineData("december twenty-third", 2026, 12, 23)]
    [InlineData("December twenty third 2026", 2026, 12, 23)]
    [InlineData("on Tuesday, December 1st, please", 2026, 12, 1)]
    [InlineData("December 1 at 2:30 PM", 2026, 12, 1)]
    [InlineData("December 1st in the afternoon", 2026, 12, 1)]
    [InlineData("January 15", 2027, 1, 15)]
    [InlineData("Oct 22", 2027, 10, 22)]
    [InlineData("today", 2026, 11, 22)]
    [InlineData("Tonight", 2026, 11, 22)]
    [InlineData("this afternoon", 2026, 11, 22)]
    [InlineData("tomorrow", 2026, 11, 23)]
    [InlineData("tomorrow morning", 2026, 11, 23)]
    [InlineData("tomorrow at 9", 2026, 11, 23)]
    [InlineData("tomorrow, Monday", 2026, 11, 23)]
    [InlineData("the day after tomorrow", 2026, 11, 24)]
    [InlineData("in 3 days", 2026, 11, 25)]
    [InlineData("in two weeks", 2026, 12, 6)]
    [InlineData("in a week", 2026, 11, 29)]
    [InlineData("Thursday", 2026, 11, 26)]
    [InlineData("on thurs", 2026, 11, 26)]
    [InlineData("Thursday afternoon", 2026, 11, 26)]
    [InlineData("this coming Thursday", 2026, 11, 26)]
    [InlineData("Sunday", 2026, 11, 29)]
    [InlineData("the 3rd", 2026, 12, 3)]
    [InlineData("the 30th", 2026, 11, 30)]
    [InlineData("Monday the 30th", 2026, 11, 30)]
    [InlineData("13/12/2026", 2026, 12, 13)]
    [InlineData("12/13/2026", 2026, 12, 13)]
    [InlineData("12/13/26", 2026, 12, 13)]
    [InlineData("12/13", 2026, 12, 13)]
    [InlineData("13.12.2026", 2026, 12, 13)]
    [InlineData("12/12/2026", 2026, 12, 12)]
    [InlineData("2028-02-29", 2028, 2, 29)]
    [InlineData("9999-12-31", 9999, 12, 31)]
    [InlineData("  DECEMBER   1 ", 2026, 12, 1)]
    public void Dates_are_read(string text, int year, int month, int day) =>
        SpokenDate.Read(text, Today).ShouldBe(new DateReading.Read(new LocalDate(year, month, day)));

    [Theory]
    [InlineData("12/1/2026", "Do you mean December 1st, 2026, or January 12th, 2026?")]
    [InlineData("01/12/2026", "Do you mean January 12th, 2026, or December 1st, 2026?")]
    [InlineData("1/12", "Do you mean January 12th, or December 1st?")]
    [InlineData("next Thursday", "Do you mean Thursday, November 26th, or Thursday, December 3rd?")]
    [InlineData("this Sunday", "Do you mean today, or Sunday, November 29th?")]
    [InlineData("next week", "Which day next week would you like?")]
    [InlineData("Friday, December 1st", "December 1st is a Tuesday, not a Friday. Do you mean Tuesday, December 1st, or another day?")]
    [InlineData("tomorrow, Friday", "Tomorrow is Monday, November 23rd. Which day would you like?")]
    public void Doubtful_dates_are_asked_back(string text, string ask) =>
        SpokenDate.Read(text, Today).ShouldBe(new DateReading.Ambiguous(ask));

    [Fact]
    public void Next_weekday_is_taken_when_every_way_of_counting_weeks_agrees() =>
        SpokenDate.Read("next Tuesday", new LocalDate(2026, 11, 26)).ShouldBe(new DateReading.Read(new LocalDate(2026, 12, 1)));

    [Theory]
    [InlineData("2026-11-21", 2026, 11, 21)]
    [InlineData("2023-12-01", 2023, 12, 1)]
    [InlineData("November 20", 2026, 11, 20)]
    [InlineData("0001-01-01", 1, 1, 1)]
    [InlineData("yesterday", 2026, 11, 21)]
    public void Past_dates_are_named(string text, int year, int month, int day)
    {
        var past = SpokenDate.Read(text, Today).ShouldBeOfType<DateReading.Past>();

        past.Date.ShouldBe(new LocalDate(year, month, day));
        past.Say.ShouldEndWith("Which day would you like?");
    }

    [Fact]
    public void A_past_date_is_refused_with_todays_date_because_models_have_the_year_wrong() =>
        SpokenDate.Read("2023-12-01", Today).ShouldBeOfType<DateReading.Past>().Say
            .ShouldBe("Friday, December 1st, 2023 is already past. Today is Sunday, November 22nd, 2026. Which day would you like?");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("2026-13-01")]
    [InlineData("February 30")]
    [InlineData("2027-02-29")]
    [InlineData("February 29")]
    [InlineData("December 0")]
    [InlineData("December 45")]
    [InlineData("0000-01-01")]
    [InlineData("13/13/2026")]
    [InlineData("31/04/2027")]
    [InlineData("99999-01-01")]
    [InlineData("whenever")]
    [InlineData("3")]
    [InlineData("14:30")]
    [InlineData("\ud83d\ude80")]
    [InlineData("December \ud83d\ude801")]
    [InlineData("in 99999999999 days")]
    [InlineData("\u0661\u0662/\u0661\u0663/\u0662\u0660\u0662\u0666")]
    public void What_is_no_date_is_refused_with_a_question(string? text) =>
        SpokenDate.Read(text, Today).ShouldBeOfType<DateReading.Unreadable>().Say.ShouldEndWith("Which day would you like?");

    [Fact]
    public void A_day_that_no_year_has_is_said() =>
        SpokenDate.Read("February 30", Today).ShouldBe(new DateReading.Unreadable("There is no February 30th coming up. Which day would you like?"));

    [Fact]
    public void Leap_day_without_a_year_is_read_when_one_is_coming() =>
        SpokenDate.Read("February 29", new LocalDate(2028, 1, 5)).ShouldBe(new DateReading.Read(new LocalDate(2028, 2, 29)));

    [Fact]
    public void Any_text_gets_a_reading_and_every_refusal_is_one_line() =>
        AnyText.Holds(static text => SpokenDate.Read(text, Today) switch
        {
            DateReading.Read => true,
            DateReading.Ambiguous a => OneLine(a.Ask),
            DateReading.Past p => OneLine(p.Say),
            DateReading.Unreadable u => OneLine(u.Say),
            _ => false,
        });

    [Fact]
    public void Every_day_that_we_say_is_read_back_as_that_day()
    {
        for (var today = new LocalDate(2026, 1, 1); today.Year < 2029; today = today.PlusDays(13))
        {
            for (var date = today; date < today.PlusDays(800); date = date.PlusDays(1))
            {
                SpokenDate.Read(Phrases.Day(date, today), today).ShouldBe(new DateReading.Read(date), $"said on {today}");
            }
        }
    }

    private static bool OneLine(string sentence) => sentence.Length is > 10 and < 200 && !sentence.Any(char.IsControl);
}
