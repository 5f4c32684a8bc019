using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Business;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Shipments;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls;

/// <summary>Who answers a call, and what is known of the caller before the first word.</summary>
/// <param name="AssistantId">Null when the line has a squad or nothing.</param>
/// <param name="Variables">Values for the prompt's templates; every name is always present, so that no template stays unfilled.</param>
public sealed record Greeting(string? AssistantId, string? SquadId, IReadOnlyDictionary<string, string> Variables);

/// <summary>Section <c>Calls</c>.</summary>
public sealed class CallOptions
{
    /// <summary>Assistant for lines that name none in <c>phone_line</c>. Default none: the caller hears a sentence and the call ends.</summary>
    public string? DefaultAssistantId { get; set; }

    /// <summary>Milliseconds for the caller's look-up before the call is answered without it. Default 45, limit 5 to 5000.</summary>
    [System.ComponentModel.DataAnnotations.Range(5, 5000)]
    public int GreetingDeadlineMilliseconds { get; set; } = 45;
}

/// <summary>Answers "who takes this call?" inside 50 ms, with enough about the caller that most calls need no tool at all.</summary>
public sealed partial class CallerGreeting(
    DirectoryReader directory, CustomerReader customers, IOptions<CallOptions> options, TimeProvider time, ILogger<CallerGreeting> logger)
{
    /// <summary>The variables that every greeting has: what differs from caller to caller.</summary>
    public static IReadOnlyCollection<string> Names { get; } = Variables(null, default).Keys;

    public async Task<Greeting> GetAsync(CallContext call)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var deadline = TimeSpan.FromMilliseconds(options.Value.GreetingDeadlineMilliseconds);
        var line = LineAsync(call);
        var card = CardAsync(call);
        await Task.WhenAll(line, card).WaitAsync(deadline, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var known = line.IsCompletedSuccessfully ? await line.ConfigureAwait(false) : null;
        return new(
            known?.AssistantId ?? (known?.SquadId is null ? options.Value.DefaultAssistantId : null),
            known?.SquadId,
            Variables(card.IsCompletedSuccessfully ? await card.ConfigureAwait(false) : null, now));
    }

    /// <summary>The card, or nothing when it cannot be had: the call is answered all the same.</summary>
    private async Task<CustomerCard?> CardAsync(CallContext call)
    {
        try
        {
            return (await customers.GetAsync(call.Scope).ConfigureAwait(false)).Value;
        }
        catch (UpstreamException)
        {
            return null; // counted where it failed; the greeting only gets shorter
        }
        catch (Exception e)
        {
            LogBug(e.GetType().FullName!, e.StackTrace);
            return null; // the call is answered all the same
        }
    }

    private async Task<PhoneLine?> LineAsync(CallContext call)
    {
        try
        {
            var lines = (await directory.GetAsync().ConfigureAwait(false)).Value!.Lines;
            return call.Line is { } number ? lines.GetValueOrDefault(number.E164) : null;
        }
        catch (UpstreamException)
        {
            return null; // the default assistant takes the call
        }
        catch (Exception e)
        {
            LogBug(e.GetType().FullName!, e.StackTrace);
            return null; // the default assistant takes the call
        }
    }

    private static Dictionary<string, string> Variables(CustomerCard? card, Instant now)
    {
        var next = card?.Booked.FirstOrDefault(a => a.Start > now);
        var open = card?.Shipments.Where(s => s.Status is not (ShipmentStatus.Delivered or ShipmentStatus.Returned)).ToList() ?? [];
        return new(StringComparer.Ordinal)
        {
            ["callerKnown"] = card is null ? "no" : "yes",
            ["callerFirstName"] = card?.FirstName ?? "",
            ["nextAppointment"] = next is null ? "none" : ListAppointments.Describe(next, now),
            ["openShipments"] = open.Count == 0 ? "none" : Phrases.List([.. open.Take(3).Select(s => ShipmentSentences.Line(s, now))]),
        };
    }

    // The type only: messages of other people's exceptions may carry values.
    [LoggerMessage(1501, LogLevel.Error, "Looking up who calls failed with {Exception}; the call was answered without it. {StackTrace}")]
    private partial void LogBug(string exception, string? stackTrace);
}
