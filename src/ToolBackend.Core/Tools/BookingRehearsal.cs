using System.Text.Json;
using NodaTime;
using ToolBackend.Core.Business;

namespace ToolBackend.Core.Tools;

/// <summary>What a warm-up asks <c>book_appointment</c> for. It is rolled back.</summary>
public sealed class BookingRehearsal(DirectoryReader directory, TimeProvider time)
{
    /// <summary>Arguments for a time about a month ahead that is probably free; null where nobody works yet.</summary>
    /// <exception cref="Resilience.UpstreamException">The directory cannot be had.</exception>
    public async Task<string?> ArgumentsAsync()
    {
        var known = (await directory.GetAsync().ConfigureAwait(false)).Value!;
        var person = known.Practitioners.FirstOrDefault(p => p.Hours.Count > 0 && p.ServiceIds.Count > 0);
        if (person is null || known.Services.FirstOrDefault(s => person.ServiceIds.Contains(s.Id)) is not { } service)
        {
            return null;
        }

        var today = Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(person.Location.Zone).Date;
        var day = today.PlusDays(28).Next(person.Hours[0].Day);
        return JsonSerializer.Serialize(new
        {
            service = service.Name, date = day.ToString("uuuu-MM-dd", null), time = person.Hours[0].Start.ToString("HH:mm", null), practitioner = person.Name, location = person.Location.Name, name = "Warm Up",
        });
    }
}
