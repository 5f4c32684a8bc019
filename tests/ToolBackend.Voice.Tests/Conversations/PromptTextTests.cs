using NodaTime;
using ToolBackend.Voice.Conversations;

namespace ToolBackend.Voice.Tests.Conversations;

public sealed class PromptTextTests
{
    private static readonly Instant s_now = Instant.FromUtc(2026, 12, 3, 22, 5);

    private readonly PromptText _texts = new(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["callerFirstName"] = "Ana", ["customer.number"] = "+12065550142", ["empty"] = "" }, s_now, DateTimeZone.Utc);

    [Theory]
    [InlineData("Hello {{callerFirstName}}!", "Hello Ana!")]
    [InlineData("{{ customer.number }}", "+12065550142")]
    [InlineData("{{unknown}}", "")]
    [InlineData("{{unknown | default: \"there\"}}", "there")]
    [InlineData("{{empty | default: 'a, b | c'}}", "a, b | c")]
    [InlineData("{{callerFirstName | upcase}} {{\"x\" | capitalize}}", "ANA X")]
    [InlineData("no template { here }", "no template { here }")]
    [InlineData("open {{ never", "open {{ never")]
    public void Variables_and_filters_are_filled_in(string text, string filled) => _texts.Fill(text).ShouldBe(filled);

    [Theory]
    [InlineData("""{{"now" | date: "%A, %B %d, %Y, %I:%M %p", "America/Los_Angeles"}}""", "Thursday, December 03, 2026, 02:05 PM")]
    [InlineData("""{{"now" | date: "%Y-%m-%d %H:%M"}}""", "2026-12-03 22:05")]
    [InlineData("""{{"now" | date: "%-I %P %Z", "America/New_York"}}""", "5 pm EST")]
    [InlineData("""{{"2026-12-25" | date: "%b %e"}}""", "Dec 25")]
    [InlineData("{{now}}", "Dec 03, 2026, 10:05 PM UTC")]
    [InlineData("{{time}} {{year}}", "10:05 PM 2026")]
    public void Dates_are_written_in_their_zone(string text, string filled) => _texts.Fill(text).ShouldBe(filled);
}
