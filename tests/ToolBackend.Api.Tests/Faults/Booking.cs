using System.Globalization;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Bookings of the demo clinic that do not get into each other's way.</summary>
internal static class Booking
{
    /// <summary>A weekday two weeks and more ahead, on which the demo clinic works and has nothing booked.</summary>
    private static readonly DateOnly s_freeDay = Enumerable.Range(15, 7)
        .Select(days => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(days)).First(d => d.DayOfWeek is DayOfWeek.Tuesday);

    /// <param name="number">Up to 24; each has a time of its own.</param>
    public static string Arguments(int number)
    {
        var day = s_freeDay.AddDays(number / 12).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var time = string.Create(CultureInfo.InvariantCulture, $"{9 + (number / 2 % 3)}:{number / 6 % 2 * 30:D2}");
        return $$"""{"service":"consultation","date":"{{day}}","time":"{{time}}","practitioner":"{{(number % 2 == 0 ? "Nguyen" : "Ortiz")}}","name":"Caller {{number}}"}""";
    }

    public static async Task<long> RowsAsync(ApiFixture api, string callId) =>
        (long)(await api.QueryAsync($"select count(*) from appointment where booked_in_call = '{callId}'"))!;
}
