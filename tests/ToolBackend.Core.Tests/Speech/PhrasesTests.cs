using NodaTime;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class PhrasesTests
{
    private static readonly LocalDate Today = new(2026, 11, 22);
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    [Theory]
    [InlineData(2026, 11, 22, "today")]
    [InlineData(2026, 11, 23, "tomorrow")]
    [InlineData(2026, 11, 21, "yesterday")]
    [InlineData(2026, 12, 3, "Thursday, December 3rd")]
    [InlineData(2026, 12, 11, "Friday, December 11th")]
    [InlineData(2027, 1, 22, "Friday, January 22nd")]
    [InlineData(2027, 9, 22, "Wednesday, September 22nd")]
    [InlineData(2027, 9, 23, "Thursday, September 23rd, 2027")]
    [InlineData(2025, 12, 1, "Monday, December 1st, 2025")]
    public void Days(int year, int month, int day, string expected) => Phrases.Day(new LocalDate(year, month, day), Today).ShouldBe(expected);

    [Theory]
    [InlineData(14, 30, "2:30 PM")]
    [InlineData(14, 0, "2 PM")]
    [InlineData(0, 5, "12:05 AM")]
    [InlineData(12, 5, "12:05 PM")]
    [InlineData(12, 0, "noon")]
    [InlineData(0, 0, "midnight")]
    public void Times(int hour, int minute, string expected) => Phrases.Time(new LocalTime(hour, minute)).ShouldBe(expected);

    [Fact]
    public void Instants_are_said_in_the_zone_of_the_place()
    {
        var now = Instant.FromUtc(2026, 12, 3, 3, 0);

        Phrases.DayAndTime(Instant.FromUtc(2026, 12, 3, 19, 30), NewYork, now).ShouldBe("tomorrow at 2:30 PM");
        Phrases.Day(Instant.FromUtc(2026, 12, 3, 4, 0), NewYork, now).ShouldBe("today");
        Phrases.Time(Instant.FromUtc(2026, 12, 3, 17, 0), NewYork).ShouldBe("noon");
    }

    [Fact]
    public void A_repeated_hour_says_which_one()
    {
        var now = Instant.FromUtc(2026, 10, 25, 12, 0);

        Phrases.DayAndTime(Instant.FromUtc(2026, 11, 1, 5, 30), NewYork, now).ShouldBe("Sunday, November 1st at 1:30 AM, before the clocks go back");
        Phrases.DayAndTime(Instant.FromUtc(2026, 11, 1, 6, 30), NewYork, now).ShouldBe("Sunday, November 1st at 1:30 AM, after the clocks go back");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a|b", "a or b")]
    [InlineData("a|b|c", "a, b, or c")]
    [InlineData("Thursday, December 3rd|noon|midnight", "Thursday, December 3rd; noon; or midnight")]
    public void Lists(string items, string expected) =>
        Phrases.List(items.Split('|', StringSplitOptions.RemoveEmptyEntries), "or").ShouldBe(expected);

    [Theory]
    [InlineData(-5, "just now")]
    [InlineData(59, "just now")]
    [InlineData(60, "a minute ago")]
    [InlineData(600, "ten minutes ago")]
    [InlineData(1500, "25 minutes ago")]
    [InlineData(3600, "an hour ago")]
    [InlineData(7200, "two hours ago")]
    [InlineData(86400, "a day ago")]
    [InlineData(259200, "three days ago")]
    public void Ages(int seconds, string expected) => Phrases.Ago(Duration.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData(0, "less than a minute")]
    [InlineData(1, "1 minute")]
    [InlineData(45, "45 minutes")]
    [InlineData(60, "1 hour")]
    [InlineData(90, "1 hour and 30 minutes")]
    [InlineData(121, "2 hours and 1 minute")]
    public void Lengths(int minutes, string expected) => Phrases.HowLong(Duration.FromMinutes(minutes)).ShouldBe(expected);

    [Theory]
    [InlineData(0, "no parcels")]
    [InlineData(1, "one parcel")]
    [InlineData(2, "two parcels")]
    [InlineData(13, "13 parcels")]
    public void Counts(int number, string expected) => Phrases.Count(number, "parcel").ShouldBe(expected);

    [Theory]
    [InlineData(null, "")]
    [InlineData("  a \r\n\t b\u2028c\u0000 ", "a b c")]
    [InlineData("left\u202eright\u200b", "leftright")]
    [InlineData("caf\u00e9 \ud83d\ude80", "caf\u00e9 \ud83d\ude80")]
    [InlineData("\ud83d", "")]
    public void Single_lines(string? text, string expected) => Phrases.SingleLine(text).ShouldBe(expected);

    [Fact]
    public void A_sentence_that_is_one_line_already_is_left_as_the_general_way_leaves_it() =>
        // An invisible character is left out, but makes the text one that has to be looked at.
        AnyText.Holds(static text => Phrases.SingleLine(text) == Phrases.SingleLine(text + "\u200b") && Phrases.SingleLine("a b" + text) == Phrases.SingleLine("a b" + text + "\u200b"));

    [Fact]
    public void Any_text_becomes_one_line_and_stays_as_it_then_is() =>
        AnyText.Holds(static text => Phrases.SingleLine(text) is var line
            && !line.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029')
            && line == line.Trim()
            && Phrases.SingleLine(line) == line);
}
