using NodaTime;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class SpokenTimeTests
{
    [Theory]
    [InlineData("14:30", 14, 30)]
    [InlineData("14.30", 14, 30)]
    [InlineData("1430", 14, 30)]
    [InlineData("14:30:00", 14, 30)]
    [InlineData("14h30", 14, 30)]
    [InlineData("14", 14, 0)]
    [InlineData("0900", 9, 0)]
    [InlineData("09:00", 9, 0)]
    [InlineData("00:15", 0, 15)]
    [InlineData("2:30 PM", 14, 30)]
    [InlineData("2:30pm", 14, 30)]
    [InlineData("2:30 p.m.", 14, 30)]
    [InlineData("2:30p", 14, 30)]
    [InlineData("2 pm", 14, 0)]
    [InlineData("at 2pm", 14, 0)]
    [InlineData("14:30 PM", 14, 30)]
    [InlineData("12 am", 0, 0)]
    [InlineData("12:30 am", 0, 30)]
    [InlineData("12 PM", 12, 0)]
    [InlineData("12:45", 12, 45)]
    [InlineData("noon", 12, 0)]
    [InlineData("12 noon", 12, 0)]
    [InlineData("midnight", 0, 0)]
    [InlineData("8", 8, 0)]
    [InlineData("11:15", 11, 15)]
    [InlineData("9 o'clock", 9, 0)]
    [InlineData("2 o\u2019clock in the afternoon", 14, 0)]
    [InlineData("two thirty pm", 14, 30)]
    [InlineData("two oh five PM", 14, 5)]
    [InlineData("ten fifteen", 10, 15)]
    [InlineData("half past two in the afternoon", 14, 30)]
    [InlineData("a quarter past nine", 9, 15)]
    [InlineData("quarter to 3 pm", 14, 45)]
    [InlineData("quarter to one pm", 12, 45)]
    [InlineData("ten past ten", 10, 10)]
    [InlineData("around 10", 10, 0)]
    [InlineData("tomorrow at 2 PM", 14, 0)]
    [InlineData("2026-12-01T14:30:00", 14, 30)]
    [InlineData("2026-12-01T02:30:00Z", 2, 30)]
    [InlineData("2026-12-01 09:05", 9, 5)]
    [InlineData("2026-12-01T14:30:00.000+01:00", 14, 30)]
    public void Times_are_read(string text, int hour, int minute) =>
        SpokenTime.Read(text).ShouldBe(new TimeReading.Read(new LocalTime(hour, minute)));

    [Theory]
    [InlineData("2:30", "Do you mean 2:30 AM or 2:30 PM?")]
    [InlineData("02:30", "Do you mean 2:30 AM or 2:30 PM?")]
    [InlineData("7", "Do you mean 7 AM or 7 PM?")]
    [InlineData("half past two", "Do you mean 2:30 AM or 2:30 PM?")]
    [InlineData("2 o'clock", "Do you mean 2 AM or 2 PM?")]
    [InlineData("in the morning", "What time in the morning would you like?")]
    [InlineData("this afternoon", "What time in the afternoon or evening would you like?")]
    public void Doubtful_times_are_asked_back(string text, string ask) =>
        SpokenTime.Read(text).ShouldBe(new TimeReading.Ambiguous(ask));

    [Theory]
    [InlineData("2:30", 9, 17, 14)]
    [InlineData("half past two", 9, 17, 14)]
    [InlineData("7:30", 6, 12, 7)]
    [InlineData("8:30", 16, 0, 20)]
    [InlineData("10:30", 9, 17, 10)]
    public void Opening_hours_decide_when_only_one_half_of_the_day_is_open(string text, int opens, int closes, int hour) =>
        SpokenTime.Read(text, new LocalTime(opens, 0), new LocalTime(closes, 0)).ShouldBe(new TimeReading.Read(new LocalTime(hour, 30)));

    [Theory]
    [InlineData("2:30", 0, 0)]
    [InlineData("2:30", 18, 20)]
    public void Opening_hours_that_allow_both_or_neither_leave_the_question(string text, int opens, int closes) =>
        SpokenTime.Read(text, new LocalTime(opens, 0), new LocalTime(closes, 0)).ShouldBeOfType<TimeReading.Ambiguous>();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("25:00")]
    [InlineData("24:00")]
    [InlineData("12:60")]
    [InlineData("2561")]
    [InlineData("14:30 AM")]
    [InlineData("2 am pm")]
    [InlineData("0:30 pm")]
    [InlineData("-5")]
    [InlineData("later")]
    [InlineData("2026-12-01")]
    [InlineData("2026-12-01T99:99")]
    [InlineData("123456789")]
    [InlineData("\ud83d\ude80 14:30")]
    [InlineData("\u0661\u0664:\u0663\u0660")]
    public void What_is_no_time_is_refused_with_a_question(string? text) =>
        SpokenTime.Read(text).ShouldBe(new TimeReading.Unreadable("I didn't catch the time. What time would you like?"));

    [Fact]
    public void Any_text_gets_a_reading() =>
        AnyText.Holds(static text => SpokenTime.Read(text, new LocalTime(9, 0), new LocalTime(17, 0)) is not null);

    [Fact]
    public void Every_time_that_we_say_is_read_back_as_that_time()
    {
        for (var minute = 0; minute < 1440; minute++)
        {
            var time = LocalTime.FromMinutesSinceMidnight(minute);
            SpokenTime.Read(Phrases.Time(time)).ShouldBe(new TimeReading.Read(time));
            SpokenTime.Read(Phrases.DayAndTime(new LocalDate(2026, 12, 3) + time, new LocalDate(2026, 11, 22))).ShouldBe(new TimeReading.Read(time));
        }
    }
}
