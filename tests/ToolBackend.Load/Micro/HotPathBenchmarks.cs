using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using NodaTime;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Shipments;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Micro;

/// <summary>The engines of a tool call, one by one: <c>./dev bench micro</c>.</summary>
[MemoryDiagnoser]
public class HotPathBenchmarks
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 17, 0, 0, TimeSpan.Zero);

    private readonly byte[] _small = Message(2_000);
    private readonly byte[] _large = Message(200_000);
    private readonly HeaderDictionary _sharedHeaders = [];
    private readonly HeaderDictionary _hmacHeaders = [];
    private readonly WebhookAuthenticator _shared;
    private readonly WebhookAuthenticator _hmac;
    private readonly TrackShipment.Tracked _tracked;
    private readonly IReadOnlyList<PractitionerCalendar> _calendars;

    public HotPathBenchmarks()
    {
        var shared = new WebhookAuthenticationOptions { Secret = new string('s', 43) };
        var hmac = new WebhookAuthenticationOptions { Hmac = new WebhookHmacOptions { Secret = new string('h', 43) } };
        _shared = Sign(shared, _sharedHeaders);
        _hmac = Sign(hmac, _hmacHeaders);
        var card = new ShipmentCard(
            "TB1042", "hash", "Ana Silva", "Northwind Books", ShipmentStatus.InTransit, "Seattle", "America/Los_Angeles", new DateOnly(2026, 12, 2),
            new TimeOnly(14, 0), new TimeOnly(18, 0), null, null, null, null, "Tacoma hub", s_now.AddHours(-9));
        _tracked = new TrackShipment.Tracked(new Cached<ShipmentCard>(card, CacheSource.Memory, s_now), Instant.FromDateTimeOffset(s_now));
        _calendars = [.. Enumerable.Range(1, 3).Select(Calendar)];
    }

    [Benchmark]
    public bool Read_a_message_of_2_kB() => VapiMessageReader.TryRead(_small, out _, out _);

    [Benchmark]
    public bool Read_a_message_of_200_kB() => VapiMessageReader.TryRead(_large, out _, out _);

    [Benchmark]
    public bool Check_a_shared_secret() => _shared.Verify(new WebhookRequest(_sharedHeaders, _small)).IsAccepted;

    [Benchmark]
    public bool Check_an_HMAC_over_2_kB() => _hmac.Verify(new WebhookRequest(_hmacHeaders, _small)).IsAccepted;

    [Benchmark]
    public string Say_where_a_parcel_is() => _tracked.Say;

    [Benchmark]
    public int Find_slots_14_days_3_practitioners() => SlotFinder.Find(
        new SlotQuery(new LocalDate(2026, 12, 2), new LocalDate(2026, 12, 16)), SlotRules.Default, new ServiceRules(Duration.FromMinutes(30), Duration.FromMinutes(10)),
        _calendars, DateTimeZoneProviders.Tzdb["America/Los_Angeles"], Instant.FromDateTimeOffset(s_now)).Count;

    private WebhookAuthenticator Sign(WebhookAuthenticationOptions options, HeaderDictionary headers)
    {
        // The signature's own age is checked against the real clock.
        using var signer = new WebhookSigner(options);
        foreach (var (name, value) in signer.Headers(_small, TimeProvider.System.GetUtcNow()))
        {
            headers[name] = value;
        }

        return new WebhookAuthenticator(options, TimeProvider.System);
    }

    private static byte[] Message(int bytes) =>
        SampleMessages.ToolCalls([new SampleToolCall("call_1", "track_shipment", """{"trackingNumber":"TB1042"}""")], "call-1", "+12065550142", s_now, bytes);

    /// <summary>Weekdays nine to five with a break, six visits booked each day.</summary>
    private static PractitionerCalendar Calendar(int id)
    {
        List<WeeklyHours> hours = [];
        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Friday; day++)
        {
            hours.Add(new WeeklyHours(day, new LocalTime(9, 0), new LocalTime(12, 0)));
            hours.Add(new WeeklyHours(day, new LocalTime(13, 0), new LocalTime(17, 0)));
        }

        var first = Instant.FromUtc(2026, 12, 1, 17, 0);
        var busy = Enumerable.Range(0, 15 * 6).Select(i => first + Duration.FromDays(i / 6) + Duration.FromMinutes(70 * (i % 6)))
            .Select(start => new Interval(start, start + Duration.FromMinutes(40)));
        return new PractitionerCalendar(id, $"Doctor {id}", hours, [.. busy]);
    }
}
